import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.index.Term;

/**
 * The peer that a Java shop would use: Jackson, then Lucene Monitor with a query an anchor.
 *
 * <p>Arguments: anchors (JSON), articles (NDJSON), war articles (NDJSON). Speaks as hyperscan_peer.py does: `ready` once what
 * it flags in a sample is what a loop over the analyzed words flags, then a pass for each line `all` or `war`.
 */
final class LuceneMonitor {
  private static final int SAMPLE_EVERY = 40;
  private static final String TEXT = "text";

  private record Anchor(String topic, List<String> words) {}

  private final ObjectMapper json = new ObjectMapper();
  private final Analyzer analyzer = new StandardAnalyzer();
  private final Map<String, Anchor> anchors = new HashMap<>();
  private final Monitor monitor;

  private LuceneMonitor(Path path) throws IOException {
    monitor = new Monitor(analyzer, new TermFilteredPresearcher(), new MonitorConfiguration());
    List<MonitorQuery> queries = new ArrayList<>();
    for (JsonNode anchor : json.readTree(Files.readAllBytes(path))) {
      for (JsonNode form : anchor.get(1)) {
        List<String> words = words(form.asText().replace("\\b", "").replaceAll("\\\\(.)", "$1"));
        if (words.isEmpty()) continue;
        String id = anchor.get(0).asText() + ":" + String.join(" ", words);
        if (anchors.put(id, new Anchor(anchor.get(0).asText(), words)) == null) {
          queries.add(new MonitorQuery(id, query(words)));
        }
      }
    }
    monitor.register(queries);
  }

  private static Query query(List<String> words) {
    if (words.size() == 1) return new TermQuery(new Term(TEXT, words.get(0)));
    return new PhraseQuery(TEXT, words.toArray(new String[0]));
  }

  private List<String> words(String text) throws IOException {
    List<String> words = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream(TEXT, text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) words.add(term.toString());
      stream.end();
    }
    return words;
  }

  private static String text(JsonNode article) {
    return article.path("title").asText("") + "\n" + article.path("lead").asText("") + "\n"
        + article.path("body").asText("");
  }

  private Set<String> match(String text) throws IOException {
    Document document = new Document();
    document.add(new TextField(TEXT, text, Field.Store.NO));
    Set<String> found = new TreeSet<>();
    for (QueryMatch match : monitor.match(document, QueryMatch.SIMPLE_MATCHER).getMatches()) {
      found.add(match.getQueryId());
    }
    return found;
  }

  private List<byte[]> outputs(byte[] value) throws IOException {
    JsonNode article = json.readTree(value);
    Map<String, ArrayNode> topics = new TreeMap<>();
    for (String id : match(text(article))) {
      topics.computeIfAbsent(anchors.get(id).topic(), topic -> json.createArrayNode()).add(id);
    }
    List<byte[]> outputs = new ArrayList<>();
    for (Map.Entry<String, ArrayNode> topic : topics.entrySet()) {
      ObjectNode tocsin = json.createObjectNode().put("topic", topic.getKey());
      tocsin.set("anchors", topic.getValue());
      ObjectNode output = json.createObjectNode();
      output.set("tocsin", tocsin);
      output.set("article", article);
      outputs.add(json.writeValueAsBytes(output));
    }
    return outputs;
  }

  private void check(List<byte[]> values) throws IOException {
    for (int i = 0; i < values.size(); i += SAMPLE_EVERY) {
      String text = text(json.readTree(values.get(i)));
      String words = " " + String.join(" ", words(text)) + " ";
      Set<String> want = new TreeSet<>();
      anchors.forEach((id, anchor) -> {
        if (words.contains(" " + String.join(" ", anchor.words()) + " ")) want.add(id);
      });
      Set<String> got = match(text);
      if (!got.equals(want)) throw new IllegalStateException("article " + i + ": " + got + " instead of " + want);
    }
  }

  private String pass(List<byte[]> values) throws IOException {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    int flagged = 0;
    int records = 0;
    long bytes = 0;
    long began = system.getProcessCpuTime();
    for (byte[] value : values) {
      List<byte[]> outputs = outputs(value);
      flagged += outputs.isEmpty() ? 0 : 1;
      records += outputs.size();
      for (byte[] output : outputs) bytes += output.length;
    }
    double seconds = (system.getProcessCpuTime() - began) / 1e9;
    return json.writeValueAsString(json.createObjectNode().put("cpu_s", seconds).put("articles", values.size())
        .put("flagged", flagged).put("records", records).put("bytes", bytes));
  }

  private static List<byte[]> lines(String path) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    for (String line : Files.readString(Path.of(path)).split("\n")) {
      if (!line.isEmpty()) lines.add(line.getBytes(StandardCharsets.UTF_8));
    }
    return lines;
  }

  public static void main(String[] arguments) throws IOException {
    LuceneMonitor peer = new LuceneMonitor(Path.of(arguments[0]));
    try (Monitor open = peer.monitor) {  // it has threads, which would outlive a failure
      Map<String, List<byte[]>> feeds = Map.of("all", lines(arguments[1]), "war", lines(arguments[2]));
      peer.check(feeds.get("all"));
      System.out.println("ready");
      BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = asked.readLine(); line != null; line = asked.readLine()) {
        System.out.println(peer.pass(feeds.get(line)));
      }
    }
  }
}
