package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.BaseSizeBundle;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.storage.Directory;
import io.aisle.core.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A bundle of the size of DistilBERT base, 0.27 GB, in processes with 1.5 GB of heap: from the local disk and from S3, by either engine. */
class BaseSizeIT {
    private static final String BUCKET = "base-size";
    private static final Path LOCAL = Fixtures.fresh("base-size");
    private static final Path CATALOG = LOCAL.resolve("products.jsonl");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int PRODUCTS = 40;

    private static S3Server server;

    @BeforeAll
    static void writesBundleToDiskAndS3() throws IOException, InterruptedException {
        server = S3Server.start(BUCKET, BUCKET);
        S3Server.configure(TestSession.get().sparkContext().hadoopConfiguration(), BUCKET, server.endpoint());
        BaseSizeBundle.write(LOCAL.resolve("model"));
        Directory.of(TestSession.get(), "s3a://" + BUCKET + "/model")
                .copyFrom(LOCAL.resolve("model"), ModelManifest.FILE_NAME);
        Files.write(CATALOG, catalog());
    }

    @AfterAll
    static void stopsServer() throws IOException {
        server.close();
        Fixtures.delete(server.root());
        Fixtures.delete(LOCAL);
    }

    @Test
    void enginesAgreeOnBundleFromDiskAndFromS3() throws InterruptedException {
        classify("onnx", LOCAL.resolve("model").toString());
        classify("spark-nlp", "s3a://" + BUCKET + "/model");

        List<Row> onnx = predictions("onnx");
        List<Row> sparkNlp = predictions("spark-nlp");
        assertThat(onnx).hasSize(PRODUCTS);
        assertThat(onnx.stream().map(row -> row.getString(1)).distinct()).hasSizeGreaterThan(3);
        for (int i = 0; i < PRODUCTS; i++) {
            assertThat(sparkNlp.get(i).getString(0)).isEqualTo(onnx.get(i).getString(0));
            assertThat(sparkNlp.get(i).getString(1)).isEqualTo(onnx.get(i).getString(1));
            assertThat(sparkNlp.get(i).getFloat(2)).isCloseTo(onnx.get(i).getFloat(2), within(1e-4f));
        }
    }

    private static void classify(String engine, String model) throws InterruptedException {
        List<String> job = List.of(
                "classify",
                "--engine",
                engine,
                "--model",
                model,
                "--input",
                CATALOG.toString(),
                "--run-id",
                engine,
                "--output",
                LOCAL.resolve(engine).toString());
        try (AisleProcess process = AisleProcess.start(
                S3Server.environment(), S3Server.submitOptions(server.endpoint()), job.toArray(String[]::new))) {
            assertThat(process.exitCode(LIMIT)).as("%s", process).isZero();
        }
    }

    private static List<Row> predictions(String engine) {
        return TestSession.get()
                .read()
                .parquet(LOCAL.resolve(engine)
                        .resolve("runs")
                        .resolve(engine)
                        .resolve("predictions")
                        .toString())
                .select("id", "category", "confidence")
                .collectAsList()
                .stream()
                .sorted(Comparator.comparing(row -> row.getString(0)))
                .toList();
    }

    private static List<String> catalog() {
        Random random = new Random(4);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < PRODUCTS; i++) {
            StringBuilder title = new StringBuilder("p" + i);
            for (int word = random.nextInt(30); word > 0; word--) {
                title.append(' ').append(Integer.toString(random.nextInt(30_000), 36));
            }
            lines.add("{\"asin\": \"p" + i + "\", \"title\": \"" + title + "\"}");
        }
        return lines;
    }
}
