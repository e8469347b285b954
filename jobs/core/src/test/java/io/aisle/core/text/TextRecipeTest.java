package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextRecipeTest {
    private static final Vocabulary VOCABULARY = Vocabulary.of(List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "t", "b", "d", "f", "un", "##wash", "##able", "##s", "."));
    private static final TextRecipe STANDARD = TextRecipe.standard();
    private static final TextRecipe KEEPING = new TextRecipe(TextRecipe.CURRENT_VERSION, STANDARD.fields(), true);

    private final WordPieceTokenizer tokenizer = new WordPieceTokenizer(VOCABULARY);

    @Test
    void cleansEveryFieldAndKeepsTheId() {
        Product raw = new Product(" 1 ", "<b>Kettle</b>", "Aisle™", "5 &lt; 6", "a [SEP] b");
        assertThat(STANDARD.clean(raw)).isEqualTo(new Product(" 1 ", "Kettle", "Aisle", "5 < 6", "a [ SEP ] b"));
    }

    @Test
    void joinsFieldsAndLeavesEmptyOnesOut() {
        assertThat(STANDARD.text(product("t", "b", "d", "f"))).isEqualTo("t [SEP] b [SEP] d [SEP] f");
        assertThat(STANDARD.text(product("t", "", "", "f"))).isEqualTo("t [SEP] f");
        assertThat(STANDARD.text(product("", "", "", ""))).isEmpty();
    }

    @Test
    void keepsSeparatorsOfEmptyFieldsWhereAskedTo() {
        assertThat(KEEPING.text(product("t", "", "", "f"))).isEqualTo("t [SEP] [SEP] [SEP] f");
        assertThat(KEEPING.text(product("", "b", "", ""))).isEqualTo("[SEP] b [SEP] [SEP]");
        assertThat(pieces(KEEPING.fit(product("", "b", "", ""), tokenizer, 16)))
                .isEqualTo("[CLS] [SEP] b [SEP] [SEP] [SEP]");
    }

    @Test
    void readsFieldsInTheOrderOfTheRecipe() {
        TextRecipe recipe = new TextRecipe(
                1, List.of(new FieldBudget(ProductField.FEATURE, 1), new FieldBudget(ProductField.TITLE, 1)), false);
        assertThat(recipe.text(product("t", "b", "d", "f"))).isEqualTo("f [SEP] t");
    }

    @Test
    void givesWholeTextWhereItFits() {
        FittedText fitted = STANDARD.fit(product("T", "b", "d. un\u0301washable", "f"), tokenizer, 16);
        assertThat(fitted.text()).isEqualTo("T [SEP] b [SEP] d. un\u0301washable [SEP] f");
        assertThat(pieces(fitted)).isEqualTo("[CLS] t [SEP] b [SEP] d . un ##wash ##able [SEP] f [SEP]");
    }

    @Test
    void givesOnlyTheFrameForProductWithoutText() {
        assertThat(pieces(STANDARD.fit(product("", "", "", ""), tokenizer, 16))).isEqualTo("[CLS] [SEP]");
    }

    /** Room 123: one each, then title 4 more and brand none; 115 left by 40 to 25 are 70.8 and 44.2. */
    @Test
    void doesNotLetLongDescriptionPushOutTheFeature() {
        Product product = product(words("t", 5), "b", words("d", 10_000), words("f", 10_000));
        FittedText fitted = STANDARD.fit(product, tokenizer, 128);
        assertThat(fitted.text())
                .isEqualTo(words("t", 5) + " [SEP] b [SEP] " + words("d", 72) + " [SEP] " + words("f", 45));
        assertThat(fitted.ids()).hasSize(128).isEqualTo(tokenizer.encode(fitted.text()));
    }

    @Test
    void cutsAtWholeWordsAndGivesWhatIsLeftOverToOtherFields() {
        TextRecipe recipe = new TextRecipe(
                1,
                List.of(new FieldBudget(ProductField.DESCRIPTION, 1), new FieldBudget(ProductField.TITLE, 1)),
                false);
        // room 13: a budget of 7 holds two whole words of three pieces, and the odd piece goes to the title
        FittedText fitted = recipe.fit(product(words("t", 30), "", words("unwashable", 9), ""), tokenizer, 16);
        assertThat(fitted.text()).isEqualTo("unwashable unwashable [SEP] " + words("t", 7));
        assertThat(fitted.ids()).hasSize(16);
    }

    @Test
    void cutsLongFirstWordSoThatEveryFieldHasItsSay() {
        FittedText fitted =
                STANDARD.fit(product(words("t", 30), "UNWASHABLES", words("d", 30), words("f", 30)), tokenizer, 16);
        assertThat(fitted.text()).isEqualTo("t t t [SEP] un [SEP] d d d d [SEP] f f f");
        assertThat(fitted.ids()).hasSize(16).isEqualTo(tokenizer.encode(fitted.text()));
    }

    @Test
    void refusesLimitsThatNoNetworkReads() {
        assertThatThrownBy(() -> STANDARD.fit(product("t", "", "", ""), tokenizer, 15))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot fit a text: found a limit of 15 tokens, expected 16 to 512");
        assertThatThrownBy(() -> STANDARD.fit(product("t", "", "", ""), tokenizer, 513))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot fit a text: found a limit of 513 tokens, expected 16 to 512");
    }

    @Test
    void hasTextWhereAnyFieldOfTheRecipeHasLetterOrDigit() {
        assertThat(STANDARD.hasText(product("", "", "-- 7 --", ""))).isTrue();
        assertThat(STANDARD.hasText(product("日", "", "", ""))).isTrue();
        assertThat(STANDARD.hasText(product("--", "!", "…", "\u0301"))).isFalse();
        TextRecipe titles = new TextRecipe(1, List.of(new FieldBudget(ProductField.TITLE, 1)), false);
        assertThat(titles.hasText(product("", "b", "d", "f"))).isFalse();
    }

    /** Worked out with another program: the bytes 0000000c, "Steel kettle", 0000000e, "Aisle &amp; Söhne", and twice 00000000. */
    @Test
    void hashesLengthsAndUtf8OfFields() {
        assertThat(STANDARD.contentHash(new Product("1", "Steel kettle", "Aisle & Söhne", "", "")))
                .isEqualTo("0e8c7e36e741bd9bc37f9d96fc33db82df178d9ae89736a6090e0793da39ccf5");
    }

    @Test
    void hashesWhereTextEndsAndNotTheId() {
        assertThat(STANDARD.contentHash(product("ab", "c", "", "")))
                .isNotEqualTo(STANDARD.contentHash(product("a", "bc", "", "")));
        assertThat(STANDARD.contentHash(new Product("1", "a", "", "", "")))
                .isEqualTo(STANDARD.contentHash(new Product("2", "a", "", "", "")));
    }

    @Test
    void survivesJson() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        String written = json.writeValueAsString(STANDARD);
        assertThat(written)
                .startsWith("{\"version\":1,\"fields\":[{\"field\":\"TITLE\",\"share\":0.3},")
                .endsWith("],\"keepEmptyFields\":false}");
        assertThat(json.readValue(written, TextRecipe.class)).isEqualTo(STANDARD);
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(KEEPING);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(KEEPING);
        }
    }

    @Test
    void refusesRecipeOfAnotherVersion() {
        assertThatThrownBy(() -> new TextRecipe(2, STANDARD.fields(), false))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use a text recipe: found version 2, expected 1; train the model anew, or use the Aisle that"
                                + " trained it");
        assertThatThrownBy(() -> new ObjectMapper()
                        .readValue("{\"version\":2,\"fields\":[],\"keepEmptyFields\":false}", TextRecipe.class))
                .hasRootCauseInstanceOf(UserException.class);
    }

    @Test
    void refusesRecipeWithoutFieldsOrWithOneTwice() {
        assertThatThrownBy(() -> new TextRecipe(1, List.of(), false))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use a text recipe: found no field, expected at least one");
        FieldBudget title = new FieldBudget(ProductField.TITLE, 1);
        assertThatThrownBy(() -> new TextRecipe(1, List.of(title, title), false))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use a text recipe: found field title twice, expected each field once");
    }

    @Test
    void refusesShareThatIsNotAboveZero() {
        for (double share : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new FieldBudget(ProductField.BRAND, share))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot give field brand a share of the tokens: found " + share
                            + ", expected a number above 0; leave the field out to give it none");
        }
    }

    private static Product product(String title, String brand, String description, String feature) {
        return new Product("1", title, brand, description, feature);
    }

    private static String words(String word, int count) {
        return (word + " ").repeat(count).strip();
    }

    private static String pieces(FittedText fitted) {
        return String.join(
                " ", Arrays.stream(fitted.ids()).mapToObj(VOCABULARY::piece).toList());
    }
}
