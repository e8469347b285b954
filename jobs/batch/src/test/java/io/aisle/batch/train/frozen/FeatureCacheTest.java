package io.aisle.batch.train.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.batch.Fixtures;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.score.Encoding;
import io.aisle.core.UserException;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final PreparedData DATA = SmallEncoder.prepared();
    private static final Dataset<Row> ROWS = DATA.rows(Split.VALIDATION);

    @TempDir
    Path directory;

    @Test
    void encodesEachTextOnceAndLaterOnlyNewOnes() throws IOException {
        long texts = texts(ROWS);
        Dataset<Row> more = ROWS.unionAll(DATA.rows(Split.TEST)).unionAll(ROWS);

        assertThat(cache().add(ROWS.unionAll(ROWS), count -> SmallEncoder.encoding()))
                .isEqualTo(texts);
        assertThat(cache().add(ROWS, FeatureCacheTest::noEncoder)).isZero();
        assertThat(parts()).hasSize(1);
        assertThat(cache().add(more, count -> SmallEncoder.encoding())).isEqualTo(texts(more) - texts);
        assertThat(parts()).hasSize(2);
        assertThat(cache().withFeatures(more).count()).isEqualTo(more.count());
        assertThat(cache().withFeatures(DATA.rows(Split.TRAIN)).count()).isLessThan(texts(more));
    }

    @Test
    void cachedFeaturesAreThoseOfAnyPartitioningBitForBit() {
        cache().add(ROWS, count -> SmallEncoder.encoding());
        Map<String, float[]> cached = features(cache().withFeatures(ROWS));

        for (Dataset<Row> rows : List.of(ROWS.coalesce(1), ROWS.repartition(5), ROWS.orderBy("title"))) {
            Map<String, float[]> fresh = features(SmallEncoder.encoding().withFeatures(rows, 1_000_000));
            assertThat(fresh.keySet()).isEqualTo(cached.keySet()).hasSizeGreaterThan(50);
            cached.forEach((id, features) ->
                    assertThat(Arrays.equals(fresh.get(id), features)).as(id).isTrue());
        }
    }

    @Test
    void otherEncoderRecipeOrLengthHasFeaturesOfItsOwn() {
        TextRecipe recipe = DATA.manifest().recipe();
        TextRecipe other = new TextRecipe(recipe.version(), recipe.fields(), !recipe.keepEmptyFields());
        cache().add(ROWS, count -> SmallEncoder.encoding());

        assertThat(cached("another", recipe, SmallEncoder.MAX_TOKENS)).isZero();
        assertThat(cached(SmallEncoder.FINGERPRINT, other, SmallEncoder.MAX_TOKENS))
                .isZero();
        assertThat(cached(SmallEncoder.FINGERPRINT, recipe, 39)).isZero();
        assertThat(cached(SmallEncoder.FINGERPRINT, recipe, SmallEncoder.MAX_TOKENS))
                .isEqualTo(ROWS.count());
    }

    @Test
    void partThatWasNotWrittenToItsEndIsNotRead() throws IOException {
        cache().add(ROWS, count -> SmallEncoder.encoding());
        Path killed = parts().get(0);
        Files.delete(killed.resolve("_SUCCESS"));
        Files.writeString(killed.resolve("part-broken.parquet"), "half of");

        assertThat(cache().withFeatures(ROWS).count()).isZero();
        assertThat(cache().add(ROWS, count -> SmallEncoder.encoding())).isEqualTo(texts(ROWS));
        assertThat(cache().withFeatures(ROWS).count()).isEqualTo(ROWS.count());
    }

    @Test
    void textThatTwoWritersEncodedIsReadOnce() throws IOException {
        cache().add(ROWS, count -> SmallEncoder.encoding());
        Fixtures.copy(parts().get(0), parts().get(0).resolveSibling("another"));

        assertThat(parts()).hasSize(2);
        assertThat(cache().withFeatures(ROWS).count()).isEqualTo(ROWS.count());
    }

    @Test
    void damagedFileEndsInWordsThatSayWhatToRemove() throws IOException {
        cache().add(ROWS, count -> SmallEncoder.encoding());
        for (Path file : files(parts().get(0), ".parquet")) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        }
        for (Path checksum : files(parts().get(0), ".crc")) {
            Files.delete(checksum);
        }
        String key = parts().get(0).getParent().toString();

        assertThatThrownBy(() -> cache().add(ROWS, FeatureCacheTest::noEncoder))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the cached features file:" + key + ": found ")
                .hasMessageEndingWith(
                        ", expected what the encoder wrote. Remove the directory; the texts are then encoded again.");
    }

    @Test
    void missingFeaturesEndInWordsThatSayWhatToRemove() {
        cache().add(ROWS, count -> SmallEncoder.encoding());
        Dataset<Row> more = ROWS.unionAll(DATA.rows(Split.TEST));

        assertThatThrownBy(() -> keep(more))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(": found those of ")
                .hasMessageContaining(" of " + more.count() + " rows, expected what the encoder wrote.");
    }

    private KeptRows keep(Dataset<Row> rows) {
        List<String> labels = SmallEncoder.labels();
        double[] alike = new double[labels.size()];
        Arrays.fill(alike, 1);
        return HeadRows.keep(
                rows,
                rows.count(),
                cache(),
                labels,
                alike,
                SmallEncoder.get().config().pooledDim());
    }

    private FeatureCache cache() {
        return SmallEncoder.cache(directory);
    }

    private long cached(String fingerprint, TextRecipe recipe, int maxTokens) {
        return FeatureCache.open(TestSession.get(), directory.toString(), fingerprint, recipe, maxTokens)
                .withFeatures(ROWS)
                .count();
    }

    private static Encoding noEncoder(long texts) {
        throw new AssertionError("asked to encode " + texts + " texts");
    }

    private static long texts(Dataset<Row> rows) {
        return rows.select("content_hash").distinct().count();
    }

    private static Map<String, float[]> features(Dataset<Row> rows) {
        Map<String, float[]> features = new TreeMap<>();
        rows.select("id", Encoding.FEATURES)
                .collectAsList()
                .forEach(row -> features.put(row.getString(0), Encoding.features(row)));
        return features;
    }

    private List<Path> parts() throws IOException {
        try (Stream<Path> keys = Files.list(directory)) {
            Path key = keys.findFirst().orElseThrow();
            try (Stream<Path> parts = Files.list(key)) {
                return parts.sorted().toList();
            }
        }
    }

    private static List<Path> files(Path part, String ending) throws IOException {
        try (Stream<Path> files = Files.list(part)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
