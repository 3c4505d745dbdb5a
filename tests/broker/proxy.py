"""A TCP proxy before each broker that knows Kafka's requests by their kind.

    with Proxy(kafka) as proxy:
        scene.run(brokers=proxy.bootstrap)
        with proxy.rule(END_TXN, DROP_REPLY, count=1) as rule:
            wait_for("it happened", rule.spent, 30)
        rule = proxy.hold(END_TXN)      # keeps the request, whatever becomes of its connection
        rule.release()                  # ... and sends it to the broker after all

A frame is a 4-byte size; then, in a request, api key, version and correlation id; in a reply, the correlation id.
"""

import contextlib
import socket
import struct
import threading
import time

(PRODUCE, OFFSET_COMMIT, OFFSET_FETCH, INIT_PRODUCER_ID, ADD_PARTITIONS, ADD_OFFSETS, END_TXN,
 TXN_OFFSET_COMMIT) = (0, 8, 9, 22, 24, 25, 26, 28)
DROP_REQUEST = "drop the connection instead of forwarding a request"
DROP_REPLY = "drop the connection instead of forwarding a reply"
DELAY_REPLY = "forward a reply late"
HOLD_REQUEST = "keep a request back, and the connection open"


class Rule:
    def __init__(self, api, action, count, seconds):
        self.api = api
        self.action = action
        self.left = count
        self.seconds = seconds
        self.lock = threading.Lock()
        self.held = []  # (where to send it, the frame)
        self.answers = 0  # of the broker, to what was held

    def take(self, api, actions):
        with self.lock:
            if api != self.api or self.action not in actions or self.left == 0:
                return False
            self.left -= 1
            return True

    def spent(self):
        return self.left == 0

    def release(self):
        """The broker gets what was held."""
        for upstream, frame in self.held:
            with contextlib.suppress(OSError):
                upstream.sendall(frame)


class Proxy:
    def __init__(self, kafka):
        self.nodes = kafka.nodes
        self.bootstrap = kafka.addresses("proxy")
        self.rules = []
        self.sockets = []
        self.closing = False

    def __enter__(self):
        for node in self.nodes:
            listener = socket.create_server(("127.0.0.1", node.ports["proxy"]))
            self.sockets.append(listener)
            self._thread(self._accept, listener, node.ports["PROXIED"])
        return self

    def __exit__(self, *_):
        self.closing = True
        for one in self.sockets:
            _close(one)

    @contextlib.contextmanager
    def rule(self, api, action, count=1, seconds=0.0):
        rule = Rule(api, action, count, seconds)
        self.rules.append(rule)
        try:
            yield rule
        finally:
            self.rules.remove(rule)

    def hold(self, api, count=1):
        rule = Rule(api, HOLD_REQUEST, count, 0.0)
        self.rules.append(rule)
        return rule

    def _thread(self, work, *arguments):
        threading.Thread(target=work, args=arguments, daemon=True).start()

    def _accept(self, listener, port):
        while not self.closing:
            try:
                client = listener.accept()[0]
                upstream = socket.create_connection(("127.0.0.1", port), timeout=5)
            except OSError:
                if self.closing:
                    return
                with contextlib.suppress(OSError, UnboundLocalError):
                    client.close()
                continue
            upstream.settimeout(None)
            for one in (client, upstream):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets += [client, upstream]
            pair = _Pair(client, upstream, self.rules)
            self._thread(pair.forward_requests)
            self._thread(pair.forward_replies)


class _Pair:
    """A client's connection and ours to the broker."""

    def __init__(self, client, upstream, rules):
        self.client = client
        self.upstream = upstream
        self.rules = rules
        self.apis = {}  # correlation id → api key
        self.holder = None  # the rule for which the broker's side stays open

    def forward_requests(self):
        try:
            while frame := _frame(self.client):
                api, _, correlation = struct.unpack_from(">hhi", frame, 4)
                self.apis[correlation] = api
                rule = self._rule(api, (DROP_REQUEST, HOLD_REQUEST))
                if rule and rule.action == HOLD_REQUEST:
                    self.holder = rule
                    rule.held.append((self.upstream, frame))
                    break  # the client finds its connection closed
                if rule:
                    break
                self.upstream.sendall(frame)
        except OSError:
            pass
        self._close()

    def forward_replies(self):
        try:
            while frame := _frame(self.upstream):
                if self.holder:
                    self.holder.answers += 1
                    continue
                api = self.apis.pop(struct.unpack_from(">i", frame, 4)[0], None)
                rule = self._rule(api, (DROP_REPLY, DELAY_REPLY))
                if rule and rule.action == DROP_REPLY:
                    break
                if rule:
                    time.sleep(rule.seconds)
                self.client.sendall(frame)
        except OSError:
            pass
        self._close()

    def _rule(self, api, actions):
        return next((rule for rule in list(self.rules) if rule.take(api, actions)), None)

    def _close(self):
        _close(self.client)
        if not self.holder:
            _close(self.upstream)


def _frame(source):
    """A whole frame with its size; nothing at the end."""
    head = _read(source, 4)
    if not head:
        return b""
    return head + _read(source, struct.unpack(">i", head)[0])


def _read(source, size):
    data = bytearray()
    while len(data) < size:
        part = source.recv(size - len(data))
        if not part:
            return b""
        data += part
    return bytes(data)


def _close(one):
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
