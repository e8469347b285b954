package io.aisle.batch.reduced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.ProductRows;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualInformationTest {
    private static final NgramSettings WORDS = new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>());

    @TempDir
    Path directory;

    @Test
    void isTheTableOfManningRaghavanAndSchuetze() {
        // their table of "export" and poultry (section 13.5.1): 49, 27,652, 141 and 774,106 documents, 0.0001105 bit
        double bits =
                MutualInformation.of(new long[] {49, 27_652}, new long[] {49 + 141, 27_652 + 774_106}) / Math.log(2);

        assertThat(bits).isCloseTo(0.0001105, within(1e-7));
    }

    @Test
    void isNothingForWhatEveryLabelHasAlikeAndTheEntropyForWhatTellsTwoApart() {
        assertThat(MutualInformation.of(new long[] {2, 2}, new long[] {4, 4})).isCloseTo(0, within(1e-12));
        assertThat(MutualInformation.of(new long[] {4, 0}, new long[] {4, 4})).isCloseTo(Math.log(2), within(1e-12));
        assertThat(MutualInformation.of(new long[] {4, 4}, new long[] {4, 4})).isCloseTo(0, within(1e-12));
    }

    @Test
    void keepsWhatSaysMostTheMostFrequentFirst() {
        List<Row> rows = new ArrayList<>();
        add(rows, "red shoe", "shoes");
        add(rows, "red shoe left", "shoes");
        add(rows, "red lamp", "lamps");
        add(rows, "red lamp right", "lamps");
        add(rows, "lamp rare", "lamps");

        int features = MutualInformation.writeIndex(
                dataset(rows), Map.of("shoes", 2L, "lamps", 3L), TextRecipe.standard(), WORDS, 2, 2, directory);

        NgramIndex index = NgramIndex.read(directory, WORDS, TextRecipe.standard());
        assertThat(features).isEqualTo(2);
        assertThat(IntStream.range(0, index.size()).mapToObj(index::name))
                .as("red occurs most, but says little; left, right and rare occur once")
                .containsExactly("tw lamp", "tw shoe");
        assertThat(index.idf(0)).isEqualTo((float) (Math.log(6.0 / 4.0) + 1));
    }

    private static void add(List<Row> rows, String title, String label) {
        rows.add(ProductRows.row(new Product("p" + rows.size(), title, "", "", ""), label));
    }

    private static Dataset<Row> dataset(List<Row> rows) {
        StructType schema = new StructType().add("id", "string");
        for (String column : ProductRows.TEXT_COLUMNS) {
            schema = schema.add(column, "string");
        }
        return TestSession.get().createDataFrame(rows, schema.add("label", "string"));
    }
}
