package io.aisle.core.text;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * What BERT's uncased tokenizer takes each code point for.
 *
 * <p>Networks were trained on ids that Hugging Face's tokenizers made. Its tables are of several Unicode versions: general
 * categories of Unicode 8, decompositions of Unicode 9, lower case of Unicode 16. The JDK has its own version, so the code points
 * on which they differ are listed here; a test compares every code point with that tokenizer.
 */
final class BertCharacters {
    /** What a code point does to the word it stands in. */
    enum Kind {
        /** Ends a word. */
        SPACE,
        /** Is a word of its own: punctuation, Chinese characters. */
        ALONE,
        /** Vanishes: control, format, private use, U+FFFD, lone surrogates. */
        DROPPED,
        /** Vanishes after decomposition: a nonspacing mark. */
        MARK,
        /** Is part of a word. */
        WORD
    }

    /**
     * Pairs of first and last code point. Each range holds marks, punctuation or format characters that Unicode got after
     * version 8, and none that it had before: to BERT they are parts of a word like any letter.
     */
    private static final int[] NEWER = {
        0x07FD, 0x07FD, 0x08D3, 0x08E2, 0x09FD, 0x09FE, 0x0A76, 0x0A76, 0x0AFA, 0x0AFF, 0x0B55, 0x0B55, 0x0C04, 0x0C04,
        0x0C77, 0x0C77, 0x0C84, 0x0C84, 0x0D00, 0x0D00, 0x0D3B, 0x0D3C, 0x0D81, 0x0D81, 0x0EBA, 0x0EBA, 0x1885, 0x1886,
        0x1ABF, 0x1AC0, 0x1DF6, 0x1DFB, 0x2E43, 0x2E52, 0xA82C, 0xA82C, 0xA8C5, 0xA8C5, 0xA8FF, 0xA8FF, 0xA9BD, 0xA9BD,
        0x10D24, 0x10F59, 0x110CD, 0x110CD, 0x111CF, 0x111CF, 0x1123E, 0x1123E, 0x1133B, 0x1133B, 0x11438, 0x1145E,
        0x11660, 0x1166C, 0x1182F, 0x11FFF, 0x13430, 0x13438, 0x16E97, 0x16F4F, 0x16FE2, 0x16FE4, 0x1E000, 0x1E2EF,
        0x1E944, 0x1E95F
    };

    /** Those of {@link #NEWER} that Unicode 9 brought with a combining class, so that decomposition may reorder them. */
    private static final int[] REORDERED = {
        0x08D4, 0x08E1, 0x1DFB, 0x1DFB, 0x11442, 0x11442, 0x11446, 0x11446, 0x11C3F, 0x11C3F, 0x1E000, 0x1E02A, 0x1E944,
        0x1E94A
    };

    /** Other code points of Unicode 13 that decompose, or have a combining class, in the JDK only. */
    private static final int[] NOT_DECOMPOSED = {0x11938, 0x11938, 0x16FF0, 0x16FF1};

    /** Marks and symbols of the JDK that were punctuation in Unicode 8. */
    private static final int[] ONCE_PUNCTUATION = {0x166D, 0x166D, 0x111C9, 0x111C9};

    /** Not punctuation themselves, but their decomposition is an ASCII mark and accents: grave accent, not equal, not less or greater. */
    private static final int[] ACCENTED_PUNCTUATION = {0x1FEF, 0x1FEF, 0x2260, 0x2260, 0x226E, 0x226F};

    /** U+2B820 to U+2B91F are missing: so they are in Hugging Face's list. */
    private static final int[] CHINESE = {
        0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFAFF, 0x20000, 0x2A6DF, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F, 0x2B920,
        0x2CEAF, 0x2F800, 0x2FA1F
    };

    /** Triples of first, last and lower case of the first, for letters that Unicode got after version 13. */
    private static final int[] NEWER_LOWER = {
        0x1C89, 0x1C89, 0x1C8A, 0x2C2F, 0x2C2F, 0x2C5F, 0xA7C0, 0xA7C0, 0xA7C1, 0xA7CB, 0xA7CB, 0x0264, 0xA7CC, 0xA7CC,
        0xA7CD, 0xA7D0, 0xA7D0, 0xA7D1, 0xA7D6, 0xA7D6, 0xA7D7, 0xA7D8, 0xA7D8, 0xA7D9, 0xA7DA, 0xA7DA, 0xA7DB, 0xA7DC,
        0xA7DC, 0x019B, 0x10570, 0x1057A, 0x10597, 0x1057C, 0x1058A, 0x105A3, 0x1058C, 0x10592, 0x105B3, 0x10594,
        0x10595, 0x105BB, 0x10D50, 0x10D65, 0x10D70
    };

    private static final Kind[] BASIC_PLANE = new Kind[0x10000];

    static {
        Arrays.setAll(BASIC_PLANE, BertCharacters::classify);
    }

    private BertCharacters() {}

    static Kind kind(int codePoint) {
        return codePoint < BASIC_PLANE.length ? BASIC_PLANE[codePoint] : classify(codePoint);
    }

    /**
     * What BERT reads in place of these characters: decomposed, without marks and without what vanishes, in lower case. Folding
     * twice is folding once.
     */
    static String fold(String text, int start, int end) {
        StringBuilder folded = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return foldUnicode(text, start, end);
            }
            if (kind(c) != Kind.DROPPED) {
                folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
            }
        }
        return folded.toString();
    }

    private static String foldUnicode(String text, int start, int end) {
        StringBuilder folded = new StringBuilder(end - start);
        StringBuilder decomposable = new StringBuilder(end - start);
        int codePoint;
        for (int i = start; i < end; i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (kind(codePoint) == Kind.DROPPED) {
                continue;
            }
            if (isDecomposable(codePoint)) {
                decomposable.appendCodePoint(codePoint);
            } else {
                // to BERT it is a letter, over which no accent is moved
                appendDecomposed(decomposable, folded);
                folded.appendCodePoint(lower(codePoint));
            }
        }
        appendDecomposed(decomposable, folded);
        return folded.toString();
    }

    private static void appendDecomposed(StringBuilder decomposable, StringBuilder folded) {
        String decomposed = Normalizer.normalize(decomposable, Normalizer.Form.NFD);
        int codePoint;
        for (int i = 0; i < decomposed.length(); i += Character.charCount(codePoint)) {
            codePoint = decomposed.codePointAt(i);
            if (kind(codePoint) != Kind.MARK) {
                folded.appendCodePoint(lower(codePoint));
            }
        }
        decomposable.setLength(0);
    }

    private static boolean isDecomposable(int codePoint) {
        return (!contains(NEWER, codePoint) || contains(REORDERED, codePoint)) && !contains(NOT_DECOMPOSED, codePoint);
    }

    /** Lower case of a code point on its own: unlike in {@link String#toLowerCase()}, a final sigma is like any other. */
    private static int lower(int codePoint) {
        if (codePoint >= NEWER_LOWER[0]) {
            for (int i = 0; i < NEWER_LOWER.length; i += 3) {
                if (codePoint >= NEWER_LOWER[i] && codePoint <= NEWER_LOWER[i + 1]) {
                    return NEWER_LOWER[i + 2] + codePoint - NEWER_LOWER[i];
                }
            }
        }
        return Character.toLowerCase(codePoint);
    }

    private static Kind classify(int codePoint) {
        if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
            return Kind.SPACE;
        }
        if (codePoint == 0xFFFD) {
            return Kind.DROPPED;
        }
        if (contains(CHINESE, codePoint)
                || contains(ONCE_PUNCTUATION, codePoint)
                || contains(ACCENTED_PUNCTUATION, codePoint)
                || isAsciiSymbol(codePoint)) {
            return Kind.ALONE;
        }
        if (contains(NEWER, codePoint)) {
            return Kind.WORD;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> Kind.DROPPED;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Kind.SPACE;
            case Character.NON_SPACING_MARK -> Kind.MARK;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> Kind.ALONE;
            default -> Kind.WORD;
        };
    }

    /** ASCII's symbols count as punctuation whatever Unicode calls them. */
    private static boolean isAsciiSymbol(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7F && !Character.isLetterOrDigit(codePoint);
    }

    private static boolean contains(int[] ranges, int codePoint) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (codePoint >= ranges[i] && codePoint <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
