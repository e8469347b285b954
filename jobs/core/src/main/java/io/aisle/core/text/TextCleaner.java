package io.aisle.core.text;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Makes catalog text plain: no markup, no entities, no invisible characters, compatibility forms folded (Unicode NFKC), single
 * spaces, and nothing that a tokenizer would take for a special token.
 *
 * <p>Cleaning is idempotent, takes time in proportion to the text, and never loses words to a {@code <} or {@code &} that is no
 * markup.
 */
public final class TextCleaner {
    /** One is enough for real text, two or three where entities were escaped twice. */
    private static final int MAX_PASSES = 8;

    /** More marks on one letter are no writing, and ordering them takes quadratic time (Unicode Standard Annex 15, section 13). */
    private static final int MAX_MARKS = 30;

    private static final int FIRST_MARK = 0x300;

    // a pair is one character to a pattern, so what is left of the class stands alone
    private static final Pattern LONE_SURROGATE = Pattern.compile("[\\ud800-\\udfff]");

    private TextCleaner() {}

    /**
     * Cleans one field.
     *
     * <ol>
     *   <li>Tags, comments, scripts and styles become spaces, entities what they stand for ({@link HtmlMarkup}).
     *   <li>White space of any kind, private use, U+FFFD (a lost character, most often a blank or an apostrophe), ™, ℠, ® and ©
     *       become spaces; control and format characters and lone surrogates go.
     *   <li>NFKC. Of more than 30 marks in a row, such as accents, the first 30 stay.
     *   <li>Repeated spaces become one, none at the ends.
     *   <li>[PAD], [UNK], [CLS], [SEP] and [MASK] get a space inside each bracket.
     * </ol>
     *
     * <p>This is done until nothing changes any more. Markup that is still nested after eight rounds stays in the text, with
     * spaces behind its {@code <} and {@code &}.
     *
     * @param raw may be null
     * @return never null
     */
    public static String clean(String raw) {
        if (raw == null) {
            return "";
        }
        if (isPlain(raw)) {
            return raw;
        }
        String text = raw;
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            String before = text;
            text = cleanOnce(before);
            if (!HtmlMarkup.isPossibleIn(text) || text.equals(before)) {
                return text;
            }
        }
        return HtmlMarkup.neutralise(text);
    }

    /** The text with U+FFFD in the place of each half of a surrogate pair: UTF-8 cannot hold one, an escape in JSON can. */
    public static String withoutLoneSurrogates(String text) {
        return LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
    }

    /** Whether cleaning cannot change the text: printable ASCII, single spaces, no {@code <}, {@code &} or {@code [}. */
    private static boolean isPlain(String text) {
        char previous = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '<' || c == '&' || c == '[' || (c == ' ' && previous == ' ')) {
                return false;
            }
            previous = c;
        }
        return text.isEmpty() || previous != ' ';
    }

    private static String cleanOnce(String text) {
        String plain = HtmlMarkup.decodeEntities(HtmlMarkup.removeTags(text));
        String visible = withoutSurplusMarks(withoutInvisible(plain));
        // composing can lengthen a row of marks again
        String composed = withoutSurplusMarks(Normalizer.normalize(visible, Normalizer.Form.NFKC));
        return withoutSpecialTokens(withSingleSpaces(composed));
    }

    private static String withoutInvisible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint > ' ' && codePoint <= '~') {
                visible.append((char) codePoint);
            } else if (isBlank(codePoint)) {
                visible.append(' ');
            } else if (!isInvisible(codePoint)) {
                visible.appendCodePoint(codePoint);
            }
        }
        return visible.toString();
    }

    private static boolean isBlank(int codePoint) {
        return switch (codePoint) {
            case '\u0085', '\u00A9', '\u00AE', '\u2120', '\u2122', '\uFFFD' -> true;
            default ->
                Character.isWhitespace(codePoint)
                        || Character.isSpaceChar(codePoint)
                        || Character.getType(codePoint) == Character.PRIVATE_USE;
        };
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String withoutSurplusMarks(String text) {
        StringBuilder kept = new StringBuilder();
        int copied = 0;
        int marks = 0;
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            marks = isMark(codePoint) ? marks + 1 : 0;
            if (marks > MAX_MARKS) {
                kept.append(text, copied, i);
                copied = i + Character.charCount(codePoint);
            }
        }
        return copied == 0 ? text : kept.append(text, copied, text.length()).toString();
    }

    private static boolean isMark(int codePoint) {
        if (codePoint < FIRST_MARK) {
            return false;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            // the half-width voiced sound marks: letters that NFKC makes marks of
            default -> codePoint == 0xFF9E || codePoint == 0xFF9F;
        };
    }

    static String withSingleSpaces(String text) {
        StringBuilder single = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' || (!single.isEmpty() && single.charAt(single.length() - 1) != ' ')) {
                single.append(c);
            }
        }
        if (!single.isEmpty() && single.charAt(single.length() - 1) == ' ') {
            single.setLength(single.length() - 1);
        }
        return single.toString();
    }

    private static String withoutSpecialTokens(String text) {
        if (text.indexOf('[') < 0) {
            return text;
        }
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            SpecialToken token = SpecialToken.at(text, i);
            if (token == null) {
                spaced.append(text.charAt(i));
            } else {
                String piece = token.piece();
                spaced.append("[ ").append(piece, 1, piece.length() - 1).append(" ]");
                i += piece.length() - 1;
            }
        }
        return spaced.toString();
    }
}
