package io.aisle.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.storage.S3Access;
import io.aisle.core.storage.StoredDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewQueueTest {
    @TempDir
    private Path output;

    private final List<String> news = new ArrayList<>();

    private void publish(int sequence, String run, List<List<String>> files) throws IOException {
        Path review = Files.createDirectories(output.resolve("runs/" + run + "/review"));
        for (int i = 0; i < files.size(); i++) {
            try (OutputStream rows =
                    new GZIPOutputStream(Files.newOutputStream(review.resolve("part-0000" + i + ".json.gz")))) {
                for (String id : files.get(i)) {
                    rows.write(("{\"id\":\"" + id + "\",\"title\":\"Café " + id + "\"}\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        Files.writeString(review.resolve("_SUCCESS"), "");
        Files.writeString(output.resolve("CURRENT"), "{\"sequence\":" + sequence + ",\"run_id\":\"" + run + "\"}");
    }

    private ReviewQueue open() {
        return ReviewQueue.open(StoredDirectory.of(output.toString(), S3Access.standard()), news::add);
    }

    private static List<String> ids(ReviewQueue.Page page) {
        return page.rows().stream().map(row -> row.path("id").asText()).toList();
    }

    @Test
    void givesPagesInTheOrderOfTheFilesWithoutWhatIsDone() throws IOException {
        publish(1, "monday", List.of(List.of("a", "b", "c"), List.of("d", "e")));
        try (ReviewQueue queue = open()) {
            Set<String> done = Set.of("b", "e");
            ReviewQueue.Page first =
                    queue.page(Optional.empty(), 0, 2, done::contains).orElseThrow();

            assertThat(ids(first)).containsExactly("a", "c");
            assertThat(first.rows().get(0).path("title").asText()).isEqualTo("Café a");
            assertThat(first.total()).isEqualTo(5);
            assertThat(first.done()).isEqualTo(2);
            ReviewQueue.Page second = queue.page(
                            Optional.of("monday"), first.next().orElseThrow(), 2, done::contains)
                    .orElseThrow();
            assertThat(ids(second)).containsExactly("d");
            assertThat(second.next()).isEmpty();
        }
    }

    @Test
    void beginsAnewWhereAnotherRunIsPublished() throws IOException {
        publish(1, "monday", List.of(List.of("a", "b", "c")));
        try (ReviewQueue queue = open()) {
            publish(2, "tuesday", List.of(List.of("x", "y")));
            queue.follow();

            ReviewQueue.Page page =
                    queue.page(Optional.of("monday"), 2, 10, id -> false).orElseThrow();
            assertThat(page.runId()).isEqualTo("tuesday");
            assertThat(ids(page)).containsExactly("x", "y");
        }
    }

    @Test
    void hasNothingToShowBeforeTheFirstRun() throws IOException {
        try (ReviewQueue queue = open()) {
            assertThat(queue.page(Optional.empty(), 0, 10, id -> false)).isEmpty();
            assertThat(news).isEmpty();
        }
    }

    @Test
    void keepsTheRunBeforeWhereTheNextCannotBeRead() throws IOException {
        publish(1, "monday", List.of(List.of("a")));
        try (ReviewQueue queue = open()) {
            publish(2, "tuesday", List.of(List.of("x")));
            Files.writeString(output.resolve("runs/tuesday/review/part-00000.json.gz"), "no gzip");
            queue.follow();

            assertThat(queue.page(Optional.empty(), 0, 10, id -> false)
                            .orElseThrow()
                            .runId())
                    .isEqualTo("monday");
            assertThat(news).last().asString().startsWith("could not read the review");
        }
    }
}
