package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.product.Product;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HuggingFaceParityTest {
    @Test
    void readsEveryCodePointAsHuggingFaceDoes() throws IOException {
        Vocabulary vocabulary = everyCharacter();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        try (HuggingFaceOracle oracle = new HuggingFaceOracle(vocabulary)) {
            List<String> differing = new ArrayList<>();
            for (int block = 0; block < Character.MAX_CODE_POINT; block += 0x1000) {
                List<String> texts = new ArrayList<>();
                for (int first = block; first < block + 0x1000; first += 0x40) {
                    texts.add(insideAndAlone(first, first + 0x40));
                }
                List<int[]> expected = oracle.encode(texts);
                for (int i = 0; i < texts.size(); i++) {
                    if (!Arrays.equals(tokenizer.encode(texts.get(i)), expected.get(i))) {
                        differing.add(Integer.toHexString(block + 0x40 * i));
                    }
                }
            }
            assertThat(differing).isEmpty();
        }
    }

    @Test
    void readsEveryPairOfMarksAsHuggingFaceDoes() throws IOException {
        Vocabulary vocabulary = everyCharacter();
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        // one of each combining class that stays in the text, and marks of several Unicode versions
        int[] partners = {
            0x302E, 0x1D165, 0x1D16D, 0x093C, 0x0301, 0x08E1, 0x1ABF, 0x1DF6, 0x1DF9, 0x1DFB, 0x10D24, 0x10EAB, 0x11442,
            0x119E0, 0x16FF0, 0x1E000, 0x1E944
        };
        List<String> texts = new ArrayList<>();
        for (int mark = 0; mark <= Character.MAX_CODE_POINT; mark++) {
            if (isMark(mark)) {
                StringBuilder text = new StringBuilder();
                for (int partner : partners) {
                    text.append(" a")
                            .appendCodePoint(mark)
                            .appendCodePoint(partner)
                            .append('b');
                    text.append(" a")
                            .appendCodePoint(partner)
                            .appendCodePoint(mark)
                            .append('b');
                }
                texts.add(text.toString());
            }
        }
        assertThat(texts).hasSizeGreaterThan(2_000);
        try (HuggingFaceOracle oracle = new HuggingFaceOracle(vocabulary)) {
            assertEqualIds(texts, tokenizer, oracle);
        }
    }

    @Test
    void readsRandomTextsAsHuggingFaceDoesRawAndCleaned() throws IOException {
        Vocabulary vocabulary = learnt(new Random(3), 2_000);
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        Random random = new Random(4);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            String text = RandomTexts.next(random);
            texts.add(text);
            texts.add(TextCleaner.clean(text));
        }
        try (HuggingFaceOracle oracle = new HuggingFaceOracle(vocabulary)) {
            assertEqualIds(texts, tokenizer, oracle);
        }
    }

    @Test
    void fitsTextsWhoseIdsHuggingFaceConfirms() throws IOException {
        Vocabulary vocabulary = learnt(new Random(5), 2_000);
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary);
        TextRecipe standard = TextRecipe.standard();
        TextRecipe keeping = new TextRecipe(TextRecipe.CURRENT_VERSION, standard.fields(), true);
        Random random = new Random(6);
        try (HuggingFaceOracle oracle = new HuggingFaceOracle(vocabulary)) {
            for (int i = 0; i < 3_000; i++) {
                TextRecipe recipe = random.nextBoolean() ? standard : keeping;
                Product product = recipe.clean(new Product(
                        "p" + i,
                        RandomTexts.next(random),
                        RandomTexts.next(random),
                        RandomTexts.next(random) + RandomTexts.next(random),
                        RandomTexts.next(random)));
                int maxTokens = TextRecipe.MIN_TOKENS + random.nextInt(i % 2 == 0 ? 20 : 200);

                FittedText fitted = recipe.fit(product, tokenizer, maxTokens);

                assertThat(fitted.ids()).hasSizeLessThanOrEqualTo(maxTokens);
                assertThat(tokenizer.encode(fitted.text())).as(fitted.text()).isEqualTo(fitted.ids());
                assertThat(oracle.encode(fitted.text())).as(fitted.text()).isEqualTo(fitted.ids());
                String whole = recipe.text(product);
                if (tokenizer.encode(whole).length <= maxTokens) {
                    assertThat(fitted.text()).isEqualTo(whole);
                }
                if (recipe.hasText(product)) {
                    assertThat(Arrays.stream(fitted.ids()))
                            .anyMatch(id -> id != vocabulary.classId() && id != vocabulary.separatorId());
                }
            }
        }
    }

    private static void assertEqualIds(List<String> texts, WordPieceTokenizer tokenizer, HuggingFaceOracle oracle) {
        List<int[]> expected = oracle.encode(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.encode(texts.get(i))).as(texts.get(i)).isEqualTo(expected.get(i));
        }
    }

    private static String insideAndAlone(int first, int end) {
        StringBuilder text = new StringBuilder();
        for (int codePoint = first; codePoint < end; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.append(" a").appendCodePoint(codePoint).append("b ").appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /** Every character of the first two planes (the others hold Chinese and nothing) as a piece, at a word's start and inside. */
    private static Vocabulary everyCharacter() {
        List<String> pieces = specialPieces();
        for (int codePoint = 0; codePoint < 0x20000; codePoint++) {
            String character = Character.toString(codePoint);
            if (Character.getType(codePoint) != Character.SURROGATE && !character.isBlank()) {
                pieces.add(character);
                pieces.add("##" + character);
            }
        }
        return Vocabulary.of(pieces);
    }

    private static Vocabulary learnt(Random random, int texts) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < texts; i++) {
            BasicTokenizer.words(RandomTexts.next(random)).forEach(word -> counts.merge(word, 1L, Long::sum));
        }
        return VocabularyLearner.learn(counts, 3_000);
    }

    private static List<String> specialPieces() {
        List<String> pieces = new ArrayList<>();
        for (SpecialToken token : SpecialToken.values()) {
            pieces.add(token.piece());
        }
        return pieces;
    }
}
