package io.aisle.core.ngram;

import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.BasicTokenizer;
import io.aisle.core.text.TextRecipe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Names the n-grams of products. What a field says is kept apart from what another says: {@code tw steel} is a word of the title,
 * {@code dc teel} four characters of a word of the description. An n-gram's name is the first letter of its field, {@code w} or
 * {@code c}, a space, and its text; a word's ends are spaces in its characters.
 *
 * <p>Words are those of {@link BasicTokenizer}: lower case, without accents, each mark a word of its own. A word that is shorter than an
 * n-gram gives itself once. Not for several threads.
 */
public final class Ngrams {
    static final byte WORDS = 'w';
    static final byte CHARACTERS = 'c';

    private static final int PREFIX = 3;

    private final NgramSettings settings;
    private final List<ProductField> fields;
    private byte[] name = new byte[64];
    private int length;

    /** Takes the n-grams of a recipe's fields. */
    public Ngrams(NgramSettings settings, TextRecipe recipe) {
        this.settings = settings;
        this.fields = recipe.fields().stream().map(budget -> budget.field()).toList();
    }

    /** Takes an n-gram's name. */
    @FunctionalInterface
    public interface Sink {
        /**
         * One n-gram, as often as it occurs.
         *
         * @param name UTF-8 in the first {@code length} bytes; overwritten afterwards
         */
        void accept(byte[] name, int length);
    }

    /** What names of a field begin with. */
    static byte initial(ProductField field) {
        return (byte) field.key().charAt(0);
    }

    /** Gives every n-gram of a product whose fields the recipe has cleaned. */
    public void of(Product cleaned, Sink sink) {
        for (ProductField field : fields) {
            List<String> words = words(cleaned.field(field));
            for (String word : words) {
                ofWord(field, word, sink);
            }
            ofNeighbours(field, words, sink);
        }
    }

    /** In the order of the recipe. */
    List<ProductField> fields() {
        return fields;
    }

    /** The words of a field's text. */
    List<String> words(String text) {
        List<String> words = BasicTokenizer.words(text);
        return settings.removed().isEmpty()
                ? words
                : words.stream().filter(word -> !isRemoved(word)).toList();
    }

    private boolean isRemoved(String word) {
        for (RemovedWords removed : settings.removed()) {
            boolean is = switch (removed) {
                case STOP_WORDS -> StopWords.ENGLISH.contains(word);
                case DIGITS ->
                    word.codePoints().noneMatch(Character::isLetter)
                            && word.codePoints().anyMatch(Character::isDigit);
                case PUNCTUATION -> word.codePoints().noneMatch(Character::isLetterOrDigit);
            };
            if (is) {
                return true;
            }
        }
        return false;
    }

    /** Gives the n-grams of two words or more of a field. */
    void ofNeighbours(ProductField field, List<String> words, Sink sink) {
        for (int first = 0; first < words.size(); first++) {
            int end = Math.min(first + settings.maxWords(), words.size());
            if (end - first < 2) {
                continue;
            }
            begin(field, WORDS);
            append(words.get(first));
            for (int last = first + 1; last < end; last++) {
                append(' ');
                append(words.get(last));
                sink.accept(name, length);
            }
        }
    }

    /** Gives the n-grams of one of a field's words: itself, and those of its characters. They depend on nothing else. */
    void ofWord(ProductField field, String word, Sink sink) {
        if (settings.maxWords() > 0) {
            begin(field, WORDS);
            append(word);
            sink.accept(name, length);
        }
        if (settings.maxCharacters() == 0) {
            return;
        }
        String padded = " " + word + " ";
        int characters = padded.codePointCount(0, padded.length());
        for (int n = settings.minCharacters(); n <= settings.maxCharacters(); n++) {
            int start = 0;
            int end = padded.offsetByCodePoints(0, Math.min(n, characters));
            while (true) {
                begin(field, CHARACTERS);
                append(padded, start, end);
                sink.accept(name, length);
                if (end == padded.length()) {
                    break;
                }
                start = padded.offsetByCodePoints(start, 1);
                end = padded.offsetByCodePoints(end, 1);
            }
            if (n >= characters) {
                return;
            }
        }
    }

    private void begin(ProductField field, byte analyzer) {
        name[0] = initial(field);
        name[1] = analyzer;
        name[2] = ' ';
        length = PREFIX;
    }

    private void append(char ascii) {
        makeRoom(1);
        name[length++] = (byte) ascii;
    }

    private void append(String text) {
        append(text, 0, text.length());
    }

    private void append(String text, int start, int end) {
        makeRoom(3 * (end - start));
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] bytes = text.substring(i, end).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(bytes, 0, name, length, bytes.length);
                length += bytes.length;
                return;
            }
            name[length++] = (byte) c;
        }
    }

    private void makeRoom(int bytes) {
        if (length + bytes > name.length) {
            name = Arrays.copyOf(name, Math.max(2 * name.length, length + bytes));
        }
    }
}
