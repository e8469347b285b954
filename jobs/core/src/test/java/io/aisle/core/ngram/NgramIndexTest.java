package io.aisle.core.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NgramIndexTest {
    private static final Map<String, Double> ALIKE = Map.of();

    @TempDir
    private Path directory;

    @Test
    void weighsByFrequencyAndRarity() {
        // of 9 products, 9 have tea, 4 have mug, 1 has lid:
        // ln(10 / 10) + 1 = 1, ln(10 / 5) + 1 = 1.6931, ln(10 / 2) + 1 = 2.6094
        NgramIndex index = index(words(), 9, "tw tea", 9, "tw mug", 4, "tw lid", 1);
        assertThat(index.idf(0)).isEqualTo(1f);
        assertThat(index.idf(1)).isCloseTo(1.693147f, within(1e-6f));
        assertThat(index.idf(2)).isCloseTo(2.609438f, within(1e-6f));

        SparseVector vector = index.reader().vector(product("mug tea mug", ""));

        // tea: 1 · 1; mug: (1 + ln 2) · 1.693147 = 2.866747; norm: sqrt(1 + 8.218239) = 3.036155
        assertThat(vector.indices()).containsExactly(0, 1);
        assertThat(vector.values()).containsExactly(new float[] {0.329364f, 0.944203f}, within(1e-6f));
    }

    @Test
    void aLongDescriptionDoesNotDrownTheTitle() {
        // every idf is 1, so that a word that occurs once weighs 1 before norms
        NgramIndex index = index(words(), 5, "dw a", 5, "dw b", 5, "dw c", 5, "dw d", 5, "tw mug", 5);

        SparseVector vector = index.reader().vector(product("mug", "a b c d"));

        // title: 1 / 1; description: 1 / sqrt(4)
        assertThat(vector.indices()).containsExactly(0, 1, 2, 3, 4);
        assertThat(vector.values()).containsExactly(0.5f, 0.5f, 0.5f, 0.5f, 1f);
    }

    @Test
    void aReaderThatHasMetManyWordsReadsAsANewOne() {
        NgramIndex index = index(
                new NgramSettings(1, 3, 3, new TreeSet<>(), new TreeMap<>()),
                5,
                "dc mug",
                5,
                "tc  mu",
                5,
                "tc mug",
                5,
                "tc ug ",
                5,
                "tw mug",
                5);
        NgramIndex.Reader reader = index.reader();
        Product product = product("mug smug mug", "mug " + "mug".repeat(40));

        for (int word = 0; word < 70_000; word++) {
            reader.vector(product("mug w" + word, "mug"));
        }

        SparseVector found = reader.vector(product);
        SparseVector expected = index.reader().vector(product);
        assertThat(found.indices()).isEqualTo(expected.indices()).hasSize(5);
        assertThat(found.values()).isEqualTo(expected.values());
    }

    @Test
    void wordsAndCharactersOfAFieldHaveNormsOfTheirOwn() {
        NgramIndex index = index(
                new NgramSettings(1, 3, 3, new TreeSet<>(), new TreeMap<>()),
                5,
                "tc  mu",
                5,
                "tc mug",
                5,
                "tc ug ",
                5,
                "tw mug",
                5);

        SparseVector vector = index.reader().vector(product("mug", ""));

        // characters: 1 / sqrt(3) each; words: 1 / 1
        assertThat(vector.values()).containsExactly(new float[] {0.577350f, 0.577350f, 0.577350f, 1}, within(1e-6f));
    }

    @Test
    void multipliesEachFieldByItsWeight() {
        NgramIndex index =
                index(words(Map.of("title", 3.0, "description", 0.5)), 5, "dw a", 5, "dw b", 5, "fw a", 5, "tw a", 5);

        SparseVector vector = index.reader().vector(new Product("1", "a", "a", "a b", "a"));

        // description: 0.5 / sqrt(2) each; feature: not named, 1; title: 3
        assertThat(vector.indices()).containsExactly(0, 1, 2, 3);
        assertThat(vector.values()).containsExactly(new float[] {0.353553f, 0.353553f, 1, 3}, within(1e-6f));
    }

    @Test
    void leavesOutWhatIsNoFeature() {
        NgramIndex index = index(words(), 9, "tw tea", 9, "tw mug", 4);

        SparseVector vector = index.reader().vector(product("blue mug", "tea"));

        // tea is a word of titles only; what is left out has no part in the norm
        assertThat(vector.indices()).containsExactly(1);
        assertThat(vector.values()).containsExactly(1f);
    }

    @Test
    void productWithoutFeaturesGivesAnEmptyVector() {
        NgramIndex.Reader reader = index(words(), 9, "tw tea", 9).reader();

        assertThat(reader.vector(product("", "")).indices()).isEmpty();
        assertThat(reader.vector(product("mug", "tea")).values()).isEmpty();
    }

    @Test
    void indexWithoutFeaturesGivesEmptyVectors() {
        NgramIndex index = index(words(), 9);

        assertThat(index.size()).isZero();
        assertThat(index.reader().vector(product("mug", "")).indices()).isEmpty();
    }

    @Test
    void oneProductLeavesNoTraceInTheNext() {
        NgramIndex index = index(words(), 9, "tw tea", 9, "tw mug", 4, "tw lid", 1);
        NgramIndex.Reader used = index.reader();
        used.vector(product("mug mug lid lid lid", ""));
        used.vector(product("tea", ""));

        SparseVector found = used.vector(product("lid mug", ""));

        SparseVector expected = index.reader().vector(product("lid mug", ""));
        assertThat(found.indices()).isEqualTo(expected.indices());
        assertThat(found.values()).isEqualTo(expected.values());
    }

    @Test
    void vectorsAreNotOverwritten() {
        NgramIndex.Reader reader = index(words(), 9, "tw tea", 9, "tw mug", 4).reader();
        SparseVector first = reader.vector(product("tea", ""));

        reader.vector(product("mug", ""));

        assertThat(first.indices()).containsExactly(0);
        assertThat(first.values()).containsExactly(1f);
    }

    @Test
    void readsBackEveryName() {
        int features = 3_000;
        try (NgramIndex.Writer writer = new NgramIndex.Writer(directory, features)) {
            for (int i = 0; i < features; i++) {
                writer.add("tw слово" + i, features - i);
            }
        }

        NgramIndex index = NgramIndex.read(directory, words(), TextRecipe.standard());

        assertThat(index.size()).isEqualTo(features);
        assertThat(index.settings()).isEqualTo(words());
        for (int i = 0; i < features; i++) {
            assertThat(index.name(i)).isEqualTo("tw слово" + i);
            byte[] name = index.name(i).getBytes(StandardCharsets.UTF_8);
            assertThat(index.find(name, name.length)).isEqualTo(i);
            assertThat(index.find(name, name.length - 1))
                    .as("%s without its last digit", index.name(i))
                    .isEqualTo(i < 10 ? -1 : i / 10);
        }
    }

    @Test
    void manyFeaturesOfOneProductHaveRoom() {
        StringBuilder title = new StringBuilder();
        try (NgramIndex.Writer writer = new NgramIndex.Writer(directory, 1)) {
            for (int i = 10_000; i < 15_000; i++) {
                writer.add("tw " + i, 1);
                title.append(i).append(' ');
            }
        }

        SparseVector vector = NgramIndex.read(directory, words(), TextRecipe.standard())
                .reader()
                .vector(product(title.toString(), ""));

        assertThat(vector.indices()).hasSize(5_000).isSorted().doesNotHaveDuplicates();
        assertThat(vector.values()).containsOnly((float) (1 / Math.sqrt(5_000)));
    }

    @Test
    void writesNamesAsLines() throws IOException {
        index(words(), 9, "tw tea", 9, "dw mug", 4, "tw é", 4);

        assertThat(directory.resolve("features.txt")).content().isEqualTo("tw tea\ndw mug\ntw é\n");
        assertThat(Files.size(directory.resolve("idf.npy"))).isEqualTo(128 + 3 * Float.BYTES);
    }

    @Test
    void takesTheMostFrequentFirstAndOfEqualsTheLesserBytes() {
        try (NgramIndex.Writer writer = new NgramIndex.Writer(directory, 9)) {
            writer.add("tw b", 4);
            // U+1F388 comes after U+FF08 as bytes, and before it as UTF-16
            writer.add("tw \uFF08", 4);
            writer.add("tw \uD83C\uDF88", 4);
            writer.add("tw a", 3);

            assertThatThrownBy(() -> writer.add("tw a", 3))
                    .hasMessage("Cannot add the feature tw a of 3 products: found it after tw a of 3, expected the most"
                            + " frequent first, none twice");
            assertThatThrownBy(() -> writer.add("tw A", 3)).hasMessageContaining("found it after tw a of 3");
            assertThatThrownBy(() -> writer.add("tw z", 5)).hasMessageContaining("of 5 products");
        }
    }

    @Test
    void refusesNumbersOfOtherFeatures() throws IOException {
        index(words(), 9, "tw tea", 9, "tw mug", 4);
        Files.writeString(directory.resolve("features.txt"), "tw tea\n");

        assertThatThrownBy(() -> NgramIndex.read(directory, words(), TextRecipe.standard()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + directory.resolve("idf.npy")
                        + ": found 136 bytes, expected 132, an array of 1 numbers of type <f4.");
    }

    @Test
    void refusesFilesThatAreNotThere() {
        assertThatThrownBy(() -> NgramIndex.read(directory, words(), TextRecipe.standard()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read the features " + directory.resolve("features.txt") + ": found ")
                .hasMessageEndingWith(", expected a readable file");
    }

    /** @param features names, each with the products that have it */
    private NgramIndex index(NgramSettings settings, long products, Object... features) {
        try (NgramIndex.Writer writer = new NgramIndex.Writer(directory, products)) {
            for (int i = 0; i < features.length; i += 2) {
                writer.add((String) features[i], (int) features[i + 1]);
            }
        }
        return NgramIndex.read(directory, settings, TextRecipe.standard());
    }

    private static NgramSettings words() {
        return words(ALIKE);
    }

    private static NgramSettings words(Map<String, Double> fieldWeights) {
        return new NgramSettings(1, 1, 0, new TreeSet<>(), new TreeMap<>(fieldWeights));
    }

    private static Product product(String title, String description) {
        return new Product("1", title, "", description, "");
    }
}
