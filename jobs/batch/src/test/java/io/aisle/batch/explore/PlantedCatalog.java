package io.aisle.batch.explore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Catalogs as JSON lines, with what a test put into them. Titles are made one of a kind, so that nothing is found but what is planted. */
final class PlantedCatalog {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<ObjectNode> records = new ArrayList<>();
    private final Random random = new Random(5);

    /** Generated products whose records can be read. */
    static PlantedCatalog generate(Path folder, int rows, int seed) {
        Path output = folder.resolve("generated-" + rows + "-" + seed);
        AisleRun run = AisleRun.of(
                "generate",
                "--rows=" + rows,
                "--classes=24",
                "--seed=" + seed,
                "--output=" + output,
                "--set=generate.classes=24");
        if (run.exitCode() != 0) {
            throw new IllegalStateException(run.err());
        }
        PlantedCatalog catalog = new PlantedCatalog();
        TestSession.get().read().textFile(output.toString()).collectAsList().forEach(catalog::addIfReadable);
        return catalog;
    }

    private void addIfReadable(String line) {
        JsonNode record = parsed(line);
        if (record.isObject()
                && record.path("asin").isTextual()
                && record.path("title").isTextual()) {
            ObjectNode product = (ObjectNode) record;
            product.put("title", product.get("title").asText() + " " + words(6));
            product.put("asin", "P" + records.size());
            records.add(product);
        }
    }

    /** The generator writes lines on purpose that nobody can read. */
    private static JsonNode parsed(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException unreadable) {
            return MissingNode.getInstance();
        }
    }

    /** So many words that no other product has. */
    private String words(int count) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(i == 0 ? "" : " ").append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36));
        }
        return words.toString();
    }

    int size() {
        return records.size();
    }

    ObjectNode record(int i) {
        return records.get(i);
    }

    /** Copies of the first products under new ids. */
    PlantedCatalog withCopies(double share) {
        int copies = (int) (share * records.size());
        for (int i = 0; i < copies; i++) {
            records.add(records.get(i).deepCopy().put("asin", "COPY" + i));
        }
        return this;
    }

    /** Copies of the first products under new ids and in another class. */
    PlantedCatalog withConflicts(double share) {
        int conflicts = (int) (share * records.size());
        int originals = records.size();
        for (int i = 0; i < conflicts; i++) {
            ObjectNode copy = records.get(i).deepCopy().put("asin", "CONFLICT" + i);
            for (int other = originals - 1; other >= 0; other--) {
                if (!records.get(other).get("category").equals(copy.get("category"))) {
                    copy.set("category", records.get(other).get("category"));
                    break;
                }
            }
            records.add(copy);
        }
        return this;
    }

    PlantedCatalog withoutFieldInHalf(String field) {
        for (int i = 0; i < records.size(); i += 2) {
            records.get(i).remove(field);
        }
        return this;
    }

    Path write(Path file) {
        try {
            return Files.write(file, records.stream().map(ObjectNode::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
