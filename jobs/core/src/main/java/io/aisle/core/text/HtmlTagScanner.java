package io.aisle.core.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds where the markup that begins at a {@code <} ends. To be asked from left to right.
 *
 * <p>Takes linear time over a whole text: what is searched for far ahead is remembered, and so is where a tag was read in vain, since
 * another one that comes by there is read in vain too.
 */
final class HtmlTagScanner {
    /** No markup. */
    static final int NONE = -1;

    /** The beginning of markup that has no end. */
    static final int BROKEN = -2;

    /** The elements of the HTML standard, those of its older versions, and the one that word processors leave behind. */
    private static final Set<String> ELEMENTS = Set.of(("a abbr acronym address applet area article aside audio b base "
                    + "basefont bdi bdo bgsound big blink blockquote body br button canvas caption center cite code col colgroup "
                    + "data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form "
                    + "frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins isindex kbd keygen label "
                    + "legend li link main map mark marquee math menu menuitem meta meter nav nobr noembed noframes noscript "
                    + "object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script "
                    + "search section select slot small source spacer span strike strong style sub summary sup svg table tbody td "
                    + "template textarea tfoot th thead time title tr track tt u ul var video wbr xmp o:p")
            .split(" "));

    /** Attributes that stand without a value. Any other word without one makes "a &lt;b and c&gt; d" no tag. */
    private static final Set<String> BARE_ATTRIBUTES =
            Set.of(("allowfullscreen async autofocus autoplay checked compact "
                            + "controls declare default defer disabled download formnovalidate hidden inert ismap itemscope loop "
                            + "multiple muted nohref nomodule noresize noshade novalidate nowrap open playsinline readonly required "
                            + "reversed seamless selected")
                    .split(" "));

    private static final int MAX_NAME_LENGTH = 16;

    private final String text;
    private final Map<String, Search> searches = new HashMap<>();
    private final Map<Integer, Integer> contentEnds = new HashMap<>();
    /** Where an attribute may begin, as far as tags were read; those of whole tags lie behind the next question. */
    private final BitSet attributeStarts = new BitSet();

    HtmlTagScanner(String text) {
        this.text = text;
    }

    /** The index behind the markup that begins at {@code open}, or {@link #NONE}, or {@link #BROKEN}. */
    int markupEnd(int open) {
        if (text.startsWith("<!--", open)) {
            int end = find("-->", open + 2);
            return end < 0 ? BROKEN : end + 3;
        }
        boolean closing = text.startsWith("/", open + 1);
        int nameStart = closing ? open + 2 : open + 1;
        int nameEnd = nameEnd(nameStart);
        if (nameEnd - nameStart > MAX_NAME_LENGTH || nameEnd == text.length()) {
            return NONE;
        }
        String name = text.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
        char next = text.charAt(nameEnd);
        if (!ELEMENTS.contains(name) || !(isSpace(next) || next == '/' || next == '>' || next == '<')) {
            return NONE;
        }
        if (closing) {
            return closingEnd(nameEnd);
        }
        int end = attributesEnd(nameEnd);
        return end > 0 && (name.equals("script") || name.equals("style")) ? contentEnd(name, end) : end;
    }

    /** Behind the end tag of a script or style, or behind its start tag if there is no end tag. */
    private int contentEnd(String name, int start) {
        int close = find("</" + name, start);
        int end = close < 0 ? BROKEN : contentEnds.computeIfAbsent(close + 2 + name.length(), this::closingEnd);
        return end < 0 ? start : end;
    }

    private int closingEnd(int nameEnd) {
        int end = skipSpace(nameEnd);
        return end < text.length() && text.charAt(end) == '>' ? end + 1 : BROKEN;
    }

    private int attributesEnd(int start) {
        int position = start;
        while (position < text.length() && !attributeStarts.get(position)) {
            attributeStarts.set(position);
            char c = text.charAt(position);
            if (c == '>') {
                return position + 1;
            }
            if (isSpace(c) || c == '/' || isQuote(c)) {
                position++;
                continue;
            }
            int nameEnd = attributeNameEnd(position);
            int equals = skipSpace(nameEnd);
            if (equals < text.length() && text.charAt(equals) == '=' && nameEnd > position) {
                position = valueEnd(skipSpace(equals + 1));
            } else {
                position = isBareAttribute(text.substring(position, nameEnd)) ? nameEnd : BROKEN;
            }
            if (position < 0) {
                return BROKEN;
            }
        }
        return BROKEN;
    }

    private int attributeNameEnd(int start) {
        int end = start;
        while (end < text.length() && !isSpace(text.charAt(end)) && "=/><\"'".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private int valueEnd(int start) {
        if (start < text.length() && isQuote(text.charAt(start))) {
            int close = find(text.substring(start, start + 1), start + 1);
            return close < 0 ? BROKEN : close + 1;
        }
        int end = start;
        while (end < text.length() && !isSpace(text.charAt(end)) && text.charAt(end) != '>') {
            if (text.charAt(end) == '<') {
                return BROKEN;
            }
            end++;
        }
        return end;
    }

    private static boolean isBareAttribute(String name) {
        return name.startsWith("data-") || BARE_ATTRIBUTES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The first occurrence, whatever its case, at or behind {@code from}, or -1. */
    private int find(String sought, int from) {
        Search last = searches.get(sought);
        if (last != null && from >= last.from() && (from <= last.index() || last.index() < 0)) {
            return last.index();
        }
        int index = text.indexOf(sought.charAt(0), from);
        while (index >= 0 && !text.regionMatches(true, index, sought, 0, sought.length())) {
            index = text.indexOf(sought.charAt(0), index + 1);
        }
        searches.put(sought, new Search(from, index));
        return index;
    }

    private int nameEnd(int start) {
        int end = start;
        while (end < text.length() && (HtmlMarkup.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == ':')) {
            end++;
        }
        return end;
    }

    private int skipSpace(int start) {
        int end = start;
        while (end < text.length() && isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    /** Where the first occurrence from an index on is; -1 if there is none. */
    private record Search(int from, int index) {}
}
