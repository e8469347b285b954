package io.aisle.core.text;

import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;

/**
 * HTML in catalog text: which of it is surely markup, and the text without it. Not a parser: catalogs hold fragments, and a parser
 * takes "size a&lt;b, 5 &lt; 6" for a tag and loses the rest.
 */
final class HtmlMarkup {
    /** The longest entity name has 31 letters. */
    private static final int MAX_REFERENCE_LENGTH = 40;

    private HtmlMarkup() {}

    /** Whether the text may hold a tag or an entity; if not, the two steps below leave it as it is. */
    static boolean isPossibleIn(String text) {
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            char next = text.charAt(i + 1);
            if ((c == '<' && (isLetter(next) || next == '/' || next == '!'))
                    || (c == '&' && (isLetter(next) || next == '#'))) {
                return true;
            }
        }
        return false;
    }

    /** Comments, scripts, styles and tags of HTML elements become one space each. */
    static String removeTags(String text) {
        int open = text.indexOf('<');
        if (open < 0) {
            return text;
        }
        HtmlTagScanner scanner = new HtmlTagScanner(text);
        StringBuilder plain = new StringBuilder(text.length());
        int copied = 0;
        for (; open >= 0; open = text.indexOf('<', copied)) {
            plain.append(text, copied, open);
            int end = scanner.markupEnd(open);
            if (end > open) {
                plain.append(' ');
                copied = end;
            } else {
                // the space keeps a broken tag from becoming a whole one when a tag inside it is removed
                plain.append(end == HtmlTagScanner.BROKEN ? "< " : "<");
                copied = open + 1;
            }
        }
        return plain.append(text, copied, text.length()).toString();
    }

    /**
     * Named and numeric entities become what they stand for. One without a semicolon counts only if it is one of the old Latin-1
     * names in full ("&amp;nbsp", not "pens&amp;notebook") and no parameter of a URL.
     */
    static String decodeEntities(String text) {
        int ampersand = text.indexOf('&');
        if (ampersand < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int copied = 0;
        for (; ampersand >= 0; ampersand = text.indexOf('&', copied)) {
            plain.append(text, copied, ampersand);
            int end = referenceEnd(text, ampersand);
            String reference = text.substring(ampersand, end);
            String decoded = decode(reference, text, end);
            plain.append(decoded);
            copied = end;
            if (end < text.length() && text.charAt(end) == ';' && !decoded.equals(reference)) {
                copied++;
            }
        }
        return plain.append(text, copied, text.length()).toString();
    }

    /** Puts a space behind every {@code <} and {@code &}: then none of them can begin markup. */
    static String neutralise(String text) {
        return TextCleaner.withSingleSpaces(text.replace("<", "< ").replace("&", "& "));
    }

    private static String decode(String reference, String text, int end) {
        if (reference.length() < 2 || reference.length() > MAX_REFERENCE_LENGTH) {
            return reference;
        }
        char next = end < text.length() ? text.charAt(end) : ' ';
        boolean named = reference.charAt(1) != '#';
        if (next != ';' && named && (next == '=' || !Entities.isBaseNamedEntity(reference.substring(1)))) {
            return reference;
        }
        String decoded = Parser.unescapeEntities(reference + ";", false);
        return decoded.equals(reference + ";") ? reference : decoded;
    }

    /** Where the letters and digits behind an ampersand end. */
    private static int referenceEnd(String text, int ampersand) {
        int end = ampersand + 1;
        if (end < text.length() && text.charAt(end) == '#') {
            end++;
            boolean hexadecimal = end < text.length() && (text.charAt(end) | 0x20) == 'x';
            end += hexadecimal ? 1 : 0;
            while (end < text.length() && Character.digit(text.charAt(end), hexadecimal ? 16 : 10) >= 0) {
                end++;
            }
            return end;
        }
        while (end < text.length() && isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isLetterOrDigit(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }
}
