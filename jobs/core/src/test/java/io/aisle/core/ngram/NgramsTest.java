package io.aisle.core.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NgramsTest {
    @Test
    void namesWordsAndTheirPairs() {
        assertThat(names(settings(2, 1, 0), product("red steel mug", "")))
                .containsExactlyInAnyOrder("tw red", "tw red steel", "tw steel", "tw steel mug", "tw mug");
    }

    @Test
    void namesAsManyWordsInARowAsAreAskedFor() {
        assertThat(names(settings(3, 1, 0), product("a b c d", "")))
                .containsExactlyInAnyOrder(
                        "tw a", "tw a b", "tw a b c", "tw b", "tw b c", "tw b c d", "tw c", "tw c d", "tw d");
    }

    @Test
    void namesCharactersOfEachWordWithItsEnds() {
        assertThat(names(settings(0, 2, 3), product("mug", "")))
                .containsExactly("tc  m", "tc mu", "tc ug", "tc g ", "tc  mu", "tc mug", "tc ug ");
    }

    @Test
    void charactersDoNotCrossWords() {
        assertThat(names(settings(0, 4, 4), product("red mug", "")))
                .containsExactly("tc  red", "tc red ", "tc  mug", "tc mug ");
    }

    @Test
    void namesWordsBeforeCharactersAndKeepsFieldsApart() {
        assertThat(names(settings(1, 4, 4), new Product("1", "mug", "mug", "mug", "mug")))
                .containsExactly(
                        "tw mug", "tc  mug", "tc mug ", "bw mug", "bc  mug", "bc mug ", "dw mug", "dc  mug", "dc mug ",
                        "fw mug", "fc  mug", "fc mug ");
    }

    @Test
    void shortWordGivesItselfOnce() {
        assertThat(names(settings(0, 4, 6), product("ab abc", "")))
                .as("' ab ' has four characters, ' abc ' five")
                .containsExactly("tc  ab ", "tc  abc", "tc abc ", "tc  abc ");
        assertThat(names(settings(0, 5, 7), product("a", ""))).containsExactly("tc  a ");
    }

    @Test
    void givesAnNgramAsOftenAsItOccurs() {
        assertThat(names(settings(1, 1, 0), product("tea tea", ""))).containsExactly("tw tea", "tw tea");
        assertThat(names(settings(0, 2, 2), product("aaa", ""))).containsExactly("tc  a", "tc aa", "tc aa", "tc a ");
    }

    @Test
    void caseAndAccentsDoNotCount() {
        assertThat(names(settings(1, 1, 0), product("CRÈME brûlée", ""))).containsExactly("tw creme", "tw brulee");
    }

    @Test
    void marksAreWords() {
        assertThat(names(settings(2, 1, 0), product("wi-fi", "")))
                .containsExactlyInAnyOrder("tw wi", "tw wi -", "tw -", "tw - fi", "tw fi");
    }

    @Test
    void cutsNoCodePoint() {
        // two characters, each of two code units
        String word = "\uD83C\uDF88\uD83E\uDD84";

        assertThat(names(settings(1, 2, 2), product(word, "")))
                .containsExactly("tw " + word, "tc  \uD83C\uDF88", "tc " + word, "tc \uD83E\uDD84 ");
    }

    @Test
    void countsCharactersNotBytes() {
        assertThat(names(settings(0, 3, 3), product("дом", ""))).containsExactly("tc  до", "tc дом", "tc ом ");
    }

    @Test
    void longWordsHaveRoom() {
        String word = "ж".repeat(300) + "x".repeat(300);

        assertThat(names(settings(1, 1, 0), product(word, ""))).containsExactly("tw " + word);
    }

    @Test
    void removesStopWordsBeforePairsAreMade() {
        assertThat(names(settings(2, 1, 0, RemovedWords.STOP_WORDS), product("The lid of a mug", "")))
                .containsExactlyInAnyOrder("tw lid", "tw lid mug", "tw mug");
    }

    @Test
    void removesWordsOfDigitsAndKeepsThoseWithALetter() {
        assertThat(names(settings(1, 1, 0, RemovedWords.DIGITS), product("100 100g 4k ٣٠ !", "")))
                .containsExactly("tw 100g", "tw 4k", "tw !");
    }

    @Test
    void removesPunctuationAndKeepsDigits() {
        assertThat(names(settings(1, 1, 0, RemovedWords.PUNCTUATION), product("$ 9 . 99 (mug)", "")))
                .containsExactly("tw 9", "tw 99", "tw mug");
    }

    @Test
    void removesEveryKindThatIsNamed() {
        assertThat(names(settings(1, 4, 4, RemovedWords.values()), product("2 of the mugs!", "")))
                .containsExactly("tw mugs", "tc  mug", "tc mugs", "tc ugs ");
    }

    @Test
    void productWithoutTextHasNone() {
        assertThat(names(settings(2, 2, 4), product("", ""))).isEmpty();
        assertThat(names(settings(2, 2, 4, RemovedWords.PUNCTUATION), product("...", "")))
                .isEmpty();
    }

    /** Against the definition, read code point by code point. */
    @Test
    void namesWhatTheDefinitionSaysOfAnyWord() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 200; round++) {
            int least = random.nextInt(1, 5);
            int most = random.nextInt(least, 8);
            StringBuilder word = new StringBuilder();
            int length = random.nextInt(1, 10);
            for (int i = 0; i < length; i++) {
                // letters of one, two, three and four bytes that fold to themselves
                word.appendCodePoint(new int[] {'a', 'z', 'ж', 'あ', 0x10428}[random.nextInt(5)]);
            }
            assertThat(names(settings(0, least, most), product(word.toString(), "")))
                    .as("%d to %d of %s", least, most, word)
                    .isEqualTo(defined(word.toString(), least, most));
        }
    }

    @Test
    void refusesSettingsThatMakeNothing() {
        assertThatThrownBy(() -> settings(0, 1, 0))
                .hasMessage("Cannot make n-grams: found up to 0 words and 1 to 0 characters, expected some of either");
        assertThatThrownBy(() -> settings(1, 4, 3)).hasMessageContaining("4 to 3 characters");
        assertThatThrownBy(() -> settings(-1, 1, 3)).hasMessageContaining("up to -1 words");
        assertThatThrownBy(() -> settings(1, 0, 3)).hasMessageContaining("0 to 3 characters");
    }

    private static List<String> defined(String word, int least, int most) {
        int[] padded = (" " + word + " ").codePoints().toArray();
        List<String> names = new ArrayList<>();
        for (int n = least; n <= most; n++) {
            if (n >= padded.length) {
                names.add("tc " + new String(padded, 0, padded.length));
                break;
            }
            for (int start = 0; start + n <= padded.length; start++) {
                names.add("tc " + new String(padded, start, n));
            }
        }
        return names;
    }

    private static List<String> names(NgramSettings settings, Product product) {
        List<String> names = new ArrayList<>();
        new Ngrams(settings, TextRecipe.standard())
                .of(product, (name, length) -> names.add(new String(name, 0, length, StandardCharsets.UTF_8)));
        return names;
    }

    private static NgramSettings settings(int words, int least, int most, RemovedWords... removed) {
        return new NgramSettings(words, least, most, new TreeSet<>(Arrays.asList(removed)), new TreeMap<>());
    }

    private static Product product(String title, String description) {
        return new Product("1", title, "", description, "");
    }
}
