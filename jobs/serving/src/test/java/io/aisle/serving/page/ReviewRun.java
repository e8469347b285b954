package io.aisle.serving.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.product.CategoryPath;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A published run with rows for review, as the nightly job writes them. */
final class ReviewRun {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ReviewRun() {}

    /** A row whose candidates are the labels in their order, of which none is sure. */
    static ObjectNode row(String id, String title, List<CategoryPath> labels) {
        ObjectNode row = MAPPER.createObjectNode()
                .put("id", id)
                .put("title", title)
                .put("brand", "Fennhollow")
                .put("description", "Made for rainy afternoons.")
                .put("feature", "Wipes clean");
        row.set("category_path", path(labels.get(0)));
        row.put("confidence", 0.4);
        ArrayNode top = row.putArray("top");
        for (int place = 0; place < labels.size(); place++) {
            ObjectNode candidate = top.addObject();
            candidate.put("category", labels.get(place).leaf());
            candidate.set("category_path", path(labels.get(place)));
            candidate.put("confidence", 0.4 - place * 0.1);
        }
        return row.put("reason", "confidence 0.40 is under the accept threshold 0.75")
                .put("model_version", "0123456789ab");
    }

    private static ArrayNode path(CategoryPath path) {
        ArrayNode names = MAPPER.createArrayNode();
        path.names().forEach(names::add);
        return names;
    }

    /** Writes and publishes it. */
    static void publish(Path output, String runId, List<ObjectNode> rows) throws IOException {
        Path review =
                Files.createDirectories(output.resolve("runs").resolve(runId).resolve("review"));
        try (BufferedWriter lines = new BufferedWriter(new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(review.resolve("part-00000.json.gz"))),
                StandardCharsets.UTF_8))) {
            for (ObjectNode row : rows) {
                lines.write(row + "\n");
            }
        }
        Files.writeString(output.resolve("CURRENT"), "{\"sequence\":1,\"run_id\":\"" + runId + "\"}");
    }
}
