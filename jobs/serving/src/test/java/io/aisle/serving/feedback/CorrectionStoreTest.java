package io.aisle.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.product.Product;
import io.aisle.core.storage.S3Access;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.serving.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionStoreTest {
    private static final Clock STOPPED = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private CorrectionStore open() {
        return new CorrectionStore(
                StoredDirectory.of(folder.resolve("corrections").toString(), S3Access.standard()), STOPPED);
    }

    private static Correction correction(String id, String category) {
        return new Correction(
                new Product(id, "title of " + id, "", "", ""),
                List.of("Home", category),
                "correct",
                Optional.empty(),
                Optional.of(0.25),
                Optional.empty());
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("corrections"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    lines.add(new ObjectMapper().readTree(line));
                }
            }
        }
        return lines;
    }

    @Test
    void storesOneFileARequestWithWhoSaidWhatAndWhen() throws IOException {
        boolean isNew = open().store("shop", "request-1", List.of(correction("a", "Lamps"), correction("b", "Bulbs")));

        assertThat(isNew).isTrue();
        assertThat(lines()).hasSize(2).allSatisfy(line -> {
            assertThat(line.path("corrected_by").asText()).isEqualTo("shop");
            assertThat(line.path("action").asText()).isEqualTo("correct");
        });
        assertThat(lines().stream()
                        .map(line -> line.path("corrected_at").asText())
                        .sorted())
                .containsExactly("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000001Z");
    }

    @Test
    void storesARequestThatIsSentAgainOnce() throws IOException {
        CorrectionStore store = open();
        store.store("shop", "request-1", List.of(correction("a", "Lamps")));

        assertThat(store.store("shop", "request-1", List.of(correction("a", "Lamps"))))
                .isFalse();
        assertThat(open().store("shop", "request-1", List.of(correction("a", "Lamps"))))
                .isFalse();
        assertThat(lines()).hasSize(1);
        assertThat(store.total()).isEqualTo(1);
    }

    @Test
    void refusesAKeyThatAnotherRequestHad() {
        CorrectionStore store = open();
        store.store("shop", "request-1", List.of(correction("a", "Lamps")));

        assertThatThrownBy(() -> store.store("shop", "request-1", List.of(correction("a", "Bulbs"))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(409));
    }

    @Test
    void takesTheSameKeyOfTwoWhoAsk() throws IOException {
        CorrectionStore store = open();
        store.store("shop", "request-1", List.of(correction("a", "Lamps")));
        store.store("warehouse", "request-1", List.of(correction("a", "Bulbs")));

        assertThat(lines()).hasSize(2);
    }

    @Test
    void countsWhatOtherProcessesStored() {
        CorrectionStore store = open();
        open().store("shop", "request-1", List.of(correction("a", "Lamps"), correction("b", "Lamps")));
        open().store("shop", "request-2", List.of(correction("a", "Bulbs")));

        assertThat(store.counts()).isEqualTo(new CorrectionStore.Counts(3, 2));
        assertThat(store.isCorrected("b")).isTrue();
        assertThat(store.isCorrected("c")).isFalse();
    }

    @Test
    void asksToSendAgainWhereNothingCanBeStored() throws IOException {
        Files.writeString(folder.resolve("corrections"), "a file in the place of the directory");

        assertThatThrownBy(() -> open().store("shop", "request-1", List.of(correction("a", "Lamps"))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(503));
    }
}
