package io.aisle.batch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.core.model.ModelBundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service as a process, on a champion that lies on S3, beside the nightly job. */
class ServingIT {
    private static final int ROWS = 10_000;
    private static final String BUCKET = "serving";
    private static final String MODELS = "s3a://" + BUCKET + "/models";
    private static final String CORRECTIONS = "s3a://" + BUCKET + "/corrections";
    private static final float TOLERANCE = 1e-4f;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path FOLDER = Fixtures.fresh("serving");

    private static S3Server s3;
    private static AisleProcess service;
    private static int port;

    /** What the night or the service says of a product. */
    private record Answer(List<String> path, float confidence, String decision) {}

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        ModelBundle bundle = TrainedBundle.get();
        s3 = S3Server.start("serving", BUCKET);
        Configuration hadoop = TestSession.get().sparkContext().hadoopConfiguration();
        S3Server.configure(hadoop, BUCKET, s3.endpoint());
        org.apache.hadoop.fs.Path from =
                new org.apache.hadoop.fs.Path(bundle.directory().toUri());
        org.apache.hadoop.fs.Path to = new org.apache.hadoop.fs.Path(MODELS + "/tuesday");
        FileUtil.copy(from.getFileSystem(hadoop), from, to.getFileSystem(hadoop), to, false, hadoop);
        AisleRun.succeeding("promote", "--models", MODELS, "--to", "tuesday");
        service = AisleProcess.serve(
                S3Server.environment(),
                "--demo",
                "--model",
                MODELS,
                "--corrections",
                CORRECTIONS,
                "--set",
                "serve.s3.endpoint=" + s3.endpoint(),
                "--set",
                "serve.s3.path-style=true");
        port = service.awaitPort();
    }

    @AfterAll
    static void stop() throws IOException {
        if (service != null) {
            service.close();
        }
        if (s3 != null) {
            s3.close();
        }
    }

    private static HttpResponse<String> post(
            String path, String type, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(5))
                .header("Content-Type", type)
                .POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersAFileAsTheNightlyJobDoes() throws IOException, InterruptedException {
        Path catalog = FOLDER.resolve("catalog");
        AisleRun.succeeding(
                "generate",
                "--rows",
                "" + ROWS,
                "--classes",
                "" + TrainedBundle.CLASSES,
                "--seed",
                "5",
                "--output",
                catalog.toString());
        Path output = FOLDER.resolve("output");
        AisleRun.succeeding(
                "classify",
                "--model",
                MODELS,
                "--input",
                catalog.toString(),
                "--run-id",
                "night",
                "--output",
                output.toString());
        Map<String, Answer> night = night(output);
        Path lines = unpacked(catalog, FOLDER.resolve("catalog.jsonl"));

        HttpResponse<String> response = post(
                "/v1/classify/file?columns=id=asin", "application/x-ndjson", HttpRequest.BodyPublishers.ofFile(lines));

        assertThat(response.statusCode()).isEqualTo(200);
        Map<String, List<Answer>> service = new HashMap<>();
        int refused = 0;
        for (String line : response.body().lines().toList()) {
            JsonNode row = MAPPER.readTree(line);
            if (row.path("error").asText().isEmpty()) {
                service.computeIfAbsent(row.path("id").asText(), id -> new ArrayList<>())
                        .add(new Answer(
                                names(row.path("category_path")),
                                (float) row.path("confidence").asDouble(),
                                row.path("decision").asText()));
            } else {
                refused++;
            }
        }
        // the night keeps one row an id, and quarantines as many as are refused here
        assertThat(service.keySet()).isEqualTo(night.keySet());
        assertThat(refused)
                .isEqualTo(MAPPER.readTree(
                                output.resolve("runs/night/manifest.json").toFile())
                        .path("rows")
                        .path("quarantined")
                        .asInt());
        int compared = 0;
        for (Map.Entry<String, List<Answer>> each : service.entrySet()) {
            if (each.getValue().size() == 1) {
                Answer expected = night.get(each.getKey());
                Answer found = each.getValue().get(0);
                assertThat(found.path()).as(each.getKey()).isEqualTo(expected.path());
                assertThat(found.confidence()).as(each.getKey()).isCloseTo(expected.confidence(), within(TOLERANCE));
                assertThat(found.decision()).as(each.getKey()).isEqualTo(expected.decision());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(ROWS * 95 / 100);
    }

    private static Map<String, Answer> night(Path output) {
        Map<String, Answer> night = new HashMap<>();
        for (Row row : TestSession.get()
                .read()
                .parquet(output.resolve("runs/night/predictions").toString())
                .select("id", "category_path", "confidence", "decision")
                .collectAsList()) {
            night.put(row.getString(0), new Answer(row.getList(1), row.getFloat(2), row.getString(3)));
        }
        return night;
    }

    private static Path unpacked(Path catalog, Path to) throws IOException {
        try (Stream<Path> files = Files.list(catalog);
                OutputStream lines = Files.newOutputStream(to)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".gz"))
                    .sorted()
                    .toList()) {
                try (InputStream packed = new GZIPInputStream(Files.newInputStream(file))) {
                    packed.transferTo(lines);
                }
            }
        }
        return to;
    }

    private static List<String> names(JsonNode path) {
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.asText()));
        return names;
    }

    @Test
    void storesCorrectionsOnS3WherePrepareFindsThem() throws IOException, InterruptedException {
        List<String> label = TrainedBundle.get().labels().get(0).names();
        String body = MAPPER.writeValueAsString(Map.of(
                "corrections",
                List.of(Map.of("id", "not-in-the-catalog", "category_path", label, "title", "a new thing"))));
        for (int attempt = 0; attempt < 2; attempt++) {
            HttpResponse<String> response = post(
                    "/v1/feedback",
                    "application/json",
                    HttpRequest.BodyPublishers.ofString(body),
                    "Idempotency-Key",
                    "the-same-request");
            assertThat(response.statusCode()).as("%s", response.body()).isEqualTo(attempt == 0 ? 201 : 200);
        }

        Path prepared = FOLDER.resolve("prepared");
        String said = AisleRun.succeeding(
                        "prepare",
                        "--input",
                        TrainedBundle.catalog().toString(),
                        "--min-class-size",
                        "30",
                        "--corrections",
                        CORRECTIONS,
                        "--output",
                        prepared.toString())
                .out();

        assertThat(said).containsPattern("corrections_added +1\n");
    }
}
