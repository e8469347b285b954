package io.aisle.batch.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.batch.generate.CatalogGenerator;
import io.aisle.batch.generate.GeneratedRow;
import io.aisle.batch.generate.GeneratorPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A generated catalog that has most conditioners on the shelf of the shampoos, and what people say of these: each is a conditioner. The
 * products that come after those of the catalog carry their true labels, to measure on.
 */
final class WrongShelf {
    static final String CLASS = "Beauty > Hair Care > Conditioners";
    private static final List<String> TRUE_PATH = List.of("Beauty", "Hair Care", "Conditioners");
    private static final List<String> WRONG_PATH = List.of("Beauty", "Hair Care", "Shampoos");

    private static final int CATALOG_ROWS = 6_000;
    private static final int ROWS = 9_000;
    private static final double WRONG_SHARE = 0.65;
    private static final int CORRECTIONS_IN_A_FILE = 7;
    private static final Instant FIRST = Instant.parse("2026-11-26T17:00:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;
    private final List<String> wrong = new ArrayList<>();

    private WrongShelf(Path directory) {
        this.directory = directory;
    }

    /** Writes {@code catalog} and {@code held-out}. */
    static WrongShelf write(Path directory) throws IOException {
        WrongShelf shelf = new WrongShelf(directory);
        CatalogGenerator generator = new CatalogGenerator(GeneratorPlan.of(ROWS, GeneratorPlan.MIN_CLASSES, 3));
        SplittableRandom random = new SplittableRandom(1);
        List<String> catalog = new ArrayList<>();
        List<String> heldOut = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (long index = 0; index < ROWS; index++) {
            String line = generator.line(index);
            if (index >= CATALOG_ROWS) {
                heldOut.add(line);
            } else {
                GeneratedRow row = generator.row(index);
                boolean isWrong = row.label().names().equals(TRUE_PATH) && random.nextDouble() < WRONG_SHARE;
                catalog.add(isWrong && ids.add(row.asin()) ? shelf.mislabelled(line) : line);
            }
        }
        Files.write(Files.createDirectories(directory).resolve("catalog.json"), catalog);
        Files.write(directory.resolve("held-out.json"), heldOut);
        return shelf;
    }

    private String mislabelled(String line) {
        try {
            if (!(MAPPER.readTree(line) instanceof ObjectNode product) || !product.has("category")) {
                return line;
            }
            wrong.add(product.path("asin").asText());
            return MAPPER.writeValueAsString(product.set("category", MAPPER.valueToTree(WRONG_PATH)));
        } catch (JsonProcessingException broken) {
            return line;
        }
    }

    Path catalog() {
        return directory.resolve("catalog.json");
    }

    Path heldOut() {
        return directory.resolve("held-out.json");
    }

    /** How many products of the catalog have the wrong label. */
    int wrong() {
        return wrong.size();
    }

    /** Writes what people said of so many of the wrong products, as a service does: small files, and one that holds a lock. */
    Path corrections(String name, int count) throws IOException {
        Path corrections = Files.createDirectories(directory.resolve(name));
        Files.createFile(corrections.resolve(".lock"));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> line = new HashMap<>(correction(i));
            line.put("corrected_at", FIRST.plusMillis(500L * i).toString());
            line.put("corrected_by", "desk " + i % 3);
            lines.add(MAPPER.writeValueAsString(line));
            if (lines.size() == CORRECTIONS_IN_A_FILE || i == count - 1) {
                Files.write(corrections.resolve(String.format("%05d.json", i)), lines);
                lines.clear();
            }
        }
        return corrections;
    }

    /** The bodies in which a page sends the same to a service. */
    List<String> requests(int count) throws JsonProcessingException {
        List<String> requests = new ArrayList<>();
        for (int start = 0; start < count; start += CORRECTIONS_IN_A_FILE) {
            List<Map<String, Object>> corrections = new ArrayList<>();
            for (int i = start; i < Math.min(start + CORRECTIONS_IN_A_FILE, count); i++) {
                corrections.add(correction(i));
            }
            requests.add(MAPPER.writeValueAsString(Map.of("corrections", corrections)));
        }
        return requests;
    }

    private Map<String, Object> correction(int number) {
        return Map.of(
                "id",
                wrong.get(number),
                "category_path",
                TRUE_PATH,
                "action",
                "correct",
                "predicted_path",
                WRONG_PATH,
                "confidence",
                0.41,
                "model_version",
                "0123456789ab");
    }
}
