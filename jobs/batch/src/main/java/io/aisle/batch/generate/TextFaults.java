package io.aisle.batch.generate;

import java.util.List;

/** What goes wrong inside a text. Words stay whole but for combining marks and zero-width spaces, which cleaning takes out. */
final class TextFaults {
    private static final List<String> BREAKS = List.of("<br>", "<br/>", "<BR />", "</p><p>", "<hr>");
    private static final List<String> SYMBOLS = List.of("&trade;", "&reg;", "&#174;", "&copy;");
    private static final List<String> SPACES = List.of("&nbsp;", " &amp; ", " &#8211; ", " &bull; ", "&#160;");
    private static final List<String> EMOJI =
            List.of("\u2728", "\uD83D\uDD25", "\uD83D\uDC4D\uD83C\uDFFD", "\u2764\uFE0F");
    private static final List<String> FOREIGN = List.of("\u65B0\u54C1", "\u6B63\u898F\u54C1", "\uC2E0\uC0C1\uD488");
    private static final List<String> SPECIAL_TOKENS = List.of(" [SEP] ", " \uFF3BSEP\uFF3D ", " [SEP]");

    /** Distance from an ASCII character to its full-width form (Unicode block Halfwidth and Fullwidth Forms). */
    private static final int FULL_WIDTH = 0xFEE0;

    private TextFaults() {}

    static String html(String text, Draws draws) {
        return switch (draws.below(5)) {
            case 0 -> "<p>" + text + "</p>";
            case 1 -> "<ul><li>" + atGap(text, "</li><li>", draws) + "</li></ul>";
            case 2 -> "<span class=\"a-text\">" + text + "</span>";
            case 3 -> "<b>" + atGap(text, "</b> ", draws);
            default -> atGap(text, draws.pick(BREAKS), draws);
        };
    }

    static String entities(String text, Draws draws) {
        return switch (draws.below(3)) {
            case 0 -> afterWord(text, draws.pick(SYMBOLS), draws);
            case 1 -> "&quot;" + text + "&quot;";
            default -> atGap(text, draws.pick(SPACES), draws);
        };
    }

    static String unicode(String text, Draws draws) {
        return switch (draws.below(8)) {
            case 0 -> atGap(text, "\u00A0", draws);
            case 1 -> insert(text, 1 + draws.below(text.length()), "\u200B");
            case 2 -> combine(text, draws);
            case 3 -> fullWidth(text, draws);
            case 4 -> afterWord(text, "\u2122", draws);
            case 5 -> atGap(text, " " + draws.pick(EMOJI) + " ", draws);
            case 6 -> afterWord(text, "\uFFFD", draws);
            default -> atGap(text, " " + draws.pick(FOREIGN) + " ", draws);
        };
    }

    static String specialToken(String text, Draws draws) {
        return atGap(text, draws.pick(SPECIAL_TOKENS), draws);
    }

    /** Puts an accent on a vowel: the mark follows its letter, as in decomposed text. */
    private static String combine(String text, Draws draws) {
        int from = draws.below(text.length());
        for (int i = 0; i < text.length(); i++) {
            int at = (from + i) % text.length();
            if ("aeiou".indexOf(text.charAt(at)) >= 0) {
                return insert(text, at + 1, "\u0301");
            }
        }
        return text + "\u0301";
    }

    /** Writes one word in full-width letters. */
    private static String fullWidth(String text, Draws draws) {
        int end = gap(text, draws);
        int start = text.lastIndexOf(' ', end - 1) + 1;
        StringBuilder wide = new StringBuilder(text);
        for (int i = start; i < end; i++) {
            char c = wide.charAt(i);
            if (c > ' ' && c <= '~') {
                wide.setCharAt(i, (char) (c + FULL_WIDTH));
            }
        }
        return wide.toString();
    }

    private static String afterWord(String text, String mark, Draws draws) {
        return insert(text, gap(text, draws), mark);
    }

    /** In place of a space; at the end where there is none. */
    private static String atGap(String text, String mark, Draws draws) {
        int gap = gap(text, draws);
        return gap == text.length() ? text + mark : text.substring(0, gap) + mark + text.substring(gap + 1);
    }

    private static String insert(String text, int at, String mark) {
        return text.substring(0, at) + mark + text.substring(at);
    }

    /** Where some word ends: the place of a space, or the end of a text of one word. */
    private static int gap(String text, Draws draws) {
        int gap = text.indexOf(' ', draws.below(text.length()));
        if (gap <= 0) {
            gap = text.indexOf(' ', 1);
        }
        return gap < 0 ? text.length() : gap;
    }
}
