package io.aisle.core.text;

import io.aisle.core.text.BertCharacters.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into words as BERT's uncased "basic" tokenizer does (Devlin et al. 2019, as in Hugging Face's BertNormalizer and
 * BertPreTokenizer): at white space, round every punctuation mark and every Chinese character; a special token in the text is a
 * word of its own.
 *
 * <p>Used like a cursor: after {@link #next} the word is {@code text[start, end)}, and the text up to {@code end} gives the words
 * so far and no other.
 */
public final class BasicTokenizer {
    private final String text;
    private int start;
    private int end;
    private SpecialToken special;

    BasicTokenizer(String text) {
        this.text = text;
    }

    /**
     * The words of a text, in order: lower case, without accents, special tokens left out. What a vocabulary is learnt from.
     */
    public static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (BasicTokenizer tokenizer = new BasicTokenizer(text); tokenizer.next(); ) {
            String word = tokenizer.special == null ? tokenizer.folded() : "";
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** Moves to the next word; false if there is none. A word of marks only folds to nothing. */
    boolean next() {
        special = null;
        int position = end;
        int length = text.length();
        boolean inWord = false;
        while (position < length) {
            char c = text.charAt(position);
            int codePoint = Character.isHighSurrogate(c) ? text.codePointAt(position) : c;
            Kind kind = BertCharacters.kind(codePoint);
            if (kind == Kind.SPACE || kind == Kind.ALONE) {
                if (inWord) {
                    break;
                }
                if (kind == Kind.ALONE) {
                    start = position;
                    special = SpecialToken.at(text, position);
                    end = position
                            + (special == null
                                    ? Character.charCount(codePoint)
                                    : special.piece().length());
                    return true;
                }
            } else if (!inWord) {
                inWord = true;
                start = position;
            }
            position += Character.charCount(codePoint);
        }
        end = position;
        return inWord;
    }

    /** The word as BERT reads it; empty if nothing is left of it. */
    String folded() {
        return BertCharacters.fold(text, start, end);
    }

    /** The word as it stands in the text. */
    String source() {
        return text.substring(start, end);
    }

    /** Where the word ends in the text. */
    int end() {
        return end;
    }

    /** The special token that the word is, or null. */
    SpecialToken special() {
        return special;
    }
}
