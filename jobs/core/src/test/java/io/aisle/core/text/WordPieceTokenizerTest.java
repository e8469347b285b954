package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordPieceTokenizerTest {
    private static final Vocabulary VOCABULARY = Vocabulary.of(List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "wash", "washing", "##ing", "##able", "un", "##wash", "-",
            "$", "9", ".", "##9", "cafe", "日", "本", "οδος", "##σ", "a", "##a", "=", "b", "[", "]", "sep"));

    private final WordPieceTokenizer tokenizer = new WordPieceTokenizer(VOCABULARY);

    @Test
    void takesTheLongestPieceFirst() {
        assertThat(pieces("washing unwashable")).containsExactly("[CLS]", "washing", "un", "##wash", "##able", "[SEP]");
    }

    @Test
    void givesUnknownForWordWithAnyUnknownPart() {
        assertThat(pieces("washings wash")).containsExactly("[CLS]", "[UNK]", "wash", "[SEP]");
    }

    @Test
    void splitsAtPunctuationAndChineseCharacters() {
        assertThat(pieces("a-b=$9.99日本wash"))
                .containsExactly("[CLS]", "a", "-", "b", "=", "$", "9", ".", "9", "##9", "日", "本", "wash", "[SEP]");
    }

    @Test
    void lowersCaseAndStripsAccents() {
        assertThat(pieces("CAFÉ Cafe\u0301 WASH")).containsExactly("[CLS]", "cafe", "cafe", "wash", "[SEP]");
    }

    @Test
    void lowersFinalSigmaLikeAnyOther() {
        assertThat(pieces("ΟΔΟΣ")).containsExactly("[CLS]", "[UNK]", "[SEP]");
    }

    @Test
    void keepsSpecialTokensOfTheTextInExactUpperCaseOnly() {
        assertThat(pieces("wash[SEP]a [MASK] [sep]"))
                .containsExactly("[CLS]", "wash", "[SEP]", "a", "[MASK]", "[", "sep", "]", "[SEP]");
    }

    @Test
    void givesUnknownForMoreThanHundredCharacters() {
        assertThat(pieces("a".repeat(100))).hasSize(102).endsWith("##a", "[SEP]");
        assertThat(pieces("a".repeat(101))).containsExactly("[CLS]", "[UNK]", "[SEP]");
    }

    @Test
    void givesOnlyTheFrameForTextWithoutWords() {
        assertThat(pieces("")).containsExactly("[CLS]", "[SEP]");
        assertThat(pieces(" \u0301\u200B\uD800 \uFFFD")).containsExactly("[CLS]", "[SEP]");
    }

    @Test
    void answersTheSameAfterMoreWordsThanItRemembers() {
        int[] before = tokenizer.encode("unwashable washing");
        for (int i = 0; i < 120_000; i++) {
            tokenizer.encode("a" + i);
        }
        assertThat(tokenizer.encode("unwashable washing")).isEqualTo(before);
    }

    @Test
    void listsWordsWithoutSpecialTokens() {
        assertThat(BasicTokenizer.words("Löwen-Kaffee [SEP] 100% \u0301 [sep]"))
                .containsExactly("lowen", "-", "kaffee", "100", "%", "[", "sep", "]");
    }

    @Test
    void endsEveryWordWhereThePrefixGivesTheWordsSoFar() {
        String text = "Cafe\u0301 <日本> un\u200Bwash\uD83D\uDE00 ≠ [SEP]x";
        int[] whole = tokenizer.encode(text);
        BasicTokenizer words = new BasicTokenizer(text);
        while (words.next()) {
            int[] prefix = tokenizer.encode(text.substring(0, words.end()));
            assertThat(Arrays.copyOf(prefix, prefix.length - 1)).isEqualTo(Arrays.copyOf(whole, prefix.length - 1));
        }
        assertThat(words.end()).isEqualTo(text.length());
    }

    private List<String> pieces(String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(VOCABULARY::piece).toList();
    }
}
