"""Certificates of a little authority, made by openssl, and what a Kafka with TLS, passwords and rights needs.

    security = Security(directory)
    Kafka(directory, properties=security.properties, listeners=security.LISTENERS)
    security.client("tocsin")     # librdkafka properties for TLS as that client

Rights are asked for, but who comes unencrypted and without a name, as the tests themselves do, has all.
"""

import pathlib
import subprocess

USER = "tocsin"
OTHERS = ("nobody", "no-id", "no-group", "no-output", "guided", "reloading")  # for tests of rights; same password
PASSWORD = "a-password"
AUTHORITY = """basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign"""
SERVER = """subjectAltName=IP:127.0.0.1,DNS:localhost
extendedKeyUsage=serverAuth,clientAuth"""
CLIENT = "extendedKeyUsage=clientAuth"
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


class Security:
    LISTENERS = ("SSL", "SASL_SSL")

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self._make("authority", AUTHORITY, None)
        self._make("broker", SERVER, "authority")
        self._make(USER, CLIENT, "authority")
        bundle = self.path("broker.bundle")
        bundle.write_text(self.path("broker.key").read_text() + self.path("broker.pem").read_text())
        users = " ".join(f'user_{user}="{PASSWORD}"' for user in (USER, *OTHERS))
        self.properties = f"""
ssl.keystore.type=PEM
ssl.keystore.location={bundle}
ssl.truststore.type=PEM
ssl.truststore.location={self.path("authority.pem")}
ssl.client.auth=requested
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config={PLAIN} required {users};
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""

    def path(self, name):
        return self.directory / name

    def tls(self):
        return {"security.protocol": "ssl", "ssl.ca.location": str(self.path("authority.pem"))}

    def mutual_tls(self):
        return {**self.tls(), "ssl.certificate.location": str(self.path(f"{USER}.pem")),
                "ssl.key.location": str(self.path(f"{USER}.key"))}

    def password(self, mechanism="PLAIN", user=USER):
        """All but the password itself."""
        return {**self.tls(), "security.protocol": "sasl_ssl", "sasl.mechanism": mechanism,
                "sasl.username": user}

    def secret(self, password=PASSWORD):
        """The kafka_secrets of the configuration: a file holds it."""
        path = self.path(f"{password}.secret")
        path.write_text(password + "\n")
        path.chmod(0o600)
        return {"sasl.password": str(path)}

    def _make(self, name, extensions, signer):
        config = self.path(f"{name}.cnf")
        config.write_text(f"[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=own\n"
                          f"[dn]\nCN={name}\n[own]\n{extensions}\n")
        by = ["-CA", self.path(f"{signer}.pem"), "-CAkey", self.path(f"{signer}.key")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                        "-config", config, "-keyout", self.path(f"{name}.key"), "-out",
                        self.path(f"{name}.pem"), *(by if signer else [])], check=True,
                       capture_output=True)


def allow(kafka, *arguments, user=USER):
    _acl(kafka, "--add", "--allow-principal", f"User:{user}", *arguments)


def forbid(kafka, *arguments, user=USER):
    """Takes back what was allowed."""
    _acl(kafka, "--remove", "--force", "--allow-principal", f"User:{user}", *arguments)


def _acl(kafka, *arguments):
    kafka.java("org.apache.kafka.tools.AclCommand", "--bootstrap-server", kafka.bootstrap, *arguments)
