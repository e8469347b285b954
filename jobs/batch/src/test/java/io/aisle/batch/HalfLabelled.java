package io.aisle.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.batch.dataset.PreparedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Prepared data of the classes of {@link TrainedBundle}, other products, every other one without a label. Made once a JVM. */
public final class HalfLabelled {
    private static final class Shared {
        static final Path PREPARED = prepare();
    }

    private HalfLabelled() {}

    public static PreparedData prepared() {
        return PreparedData.open(TestSession.get(), directory().toString());
    }

    public static Path directory() {
        return Shared.PREPARED;
    }

    private static Path prepare() {
        Path folder = Fixtures.fresh("half-labelled");
        Path whole = folder.resolve("whole");
        AisleRun.succeeding(
                "generate", "--rows", "800", "--classes", "24", "--seed", "9", "--output", whole.toString());
        List<String> lines = new ArrayList<>();
        try {
            for (Row row : TestSession.get().read().text(whole.toString()).collectAsList()) {
                ObjectNode product = (ObjectNode) new ObjectMapper().readTree(row.getString(0));
                if (lines.size() % 2 == 0) {
                    product.remove("category");
                }
                lines.add(product.toString());
            }
            Files.write(folder.resolve("half.jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path prepared = folder.resolve("prepared");
        AisleRun.succeeding(
                "prepare",
                "--input",
                folder.resolve("half.jsonl").toString(),
                "--min-class-size",
                "10",
                "--output",
                prepared.toString());
        return prepared;
    }
}
