package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCleanerTest {
    @Test
    void takesNullForEmpty() {
        assertThat(TextCleaner.clean(null)).isEmpty();
    }

    @Test
    void returnsPlainTextItself() {
        String plain = "Steel kettle, 1.7 l (2200 W) > 5 cups";
        assertThat(TextCleaner.clean(plain)).isSameAs(plain);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <p>Dry<br/>clean<BR>only</p>                      | Dry clean only
            <a href="x?a>b" title='1 > 2'>Shop</a> now         | Shop now
            <input disabled value=5>text                       | text
            <div class="wide"">text</div >                     | text
            <h1 data-open>Pan</h1><o:p></o:p>                  | Pan
            before<!-- a <b> -->after<!---->!                  | before after !
            a<script type="x">if (a<b) x();</SCRIPT>b          | a b
            a<style>p {}</style >b                             | a b
            <script>kept as nothing closes it                  | kept as nothing closes it
            """)
    void removesMarkup(String raw, String clean) {
        assertThat(TextCleaner.clean(raw)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "size a<b, 5 < 6",
                "I <3 tea",
                "a <b",
                "1<2>0",
                "< b>",
                "<wide> or <tall>",
                "x <- y -> z",
                "R&D, AT&T, Q&A; black&white",
                "pens&notebook &copy=2 &regular",
                "&#; &#x; &; &nosuchname;"
            })
    void keepsTextThatOnlyLooksLikeMarkup(String text) {
        assertThat(TextCleaner.clean(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            if a <b and c> d                                   | if a < b and c> d
            an open <!-- comment                               | an open < !-- comment
            an open <a title="quote                            | an open < a title="quote
            <p<b>> and <p<p<p>>>                               | < p > and < p< p >>
            """)
    void keepsBrokenMarkupWithSpaces(String raw, String clean) {
        assertThat(TextCleaner.clean(raw)).isEqualTo(clean);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            5 &lt; 6 &amp; 7&nbsp;&gt; 3                       | 5 < 6 & 7 > 3
            caf&eacute; caf&#233; caf&#xE9; &copy 2010 &nbsp!  | café café café 2010 !
            10&comma;5&period; size&colon;L                    | 10,5. size:L
            &amp;amp;amp; &amp;lt;b&amp;gt;bold&lt;/b&gt;      | & bold
            &#150; &#0;&#xD800;x                               | – x
            &am&#112;;                                         | &
            """)
    void decodesEntities(String raw, String clean) {
        assertThat(TextCleaner.clean(raw)).isEqualTo(clean);
    }

    @Test
    void foldsInvisibleAndCompatibilityCharacters() {
        assertThat(TextCleaner.clean("Kitchen\u00A0\u2003Aid\u2122Pro\u00AE\u00A9"))
                .isEqualTo("Kitchen Aid Pro");
        assertThat(TextCleaner.clean("soft\u00ADly zero\u200Bwidth\uFEFF bell\u0007"))
                .isEqualTo("softly zerowidth bell");
        assertThat(TextCleaner.clean("it\uFFFDs\uD800 lost\uDC00")).isEqualTo("it s lost");
        assertThat(TextCleaner.clean("\uF0B7bullet\uF0B7two")).isEqualTo("bullet two");
        assertThat(TextCleaner.clean("\uFF21\uFF22\uFB01\u00BD\u2126")).isEqualTo("ABfi1\u20442\u03A9");
        assertThat(TextCleaner.clean("e\u0301\u00E9")).isEqualTo("\u00E9\u00E9");
        assertThat(TextCleaner.clean("one\ttwo\u000B\r\n\n three\u0085")).isEqualTo("one two three");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a[SEP]b [CLS][MASK]                                | a[ SEP ]b [ CLS ][ MASK ]
            [[PAD]] [sep] [UNKNOWN]                            | [[ PAD ]] [sep] [UNKNOWN]
            ［ＳＥＰ］ &#91;UNK] [<b></b>SEP]                   | [ SEP ] [ UNK ] [ SEP]
            ＜ｂ＞bold＜／ｂ＞ ＆amp;                            | bold &
            """)
    void neutralisesSpecialTokensHoweverTheyAreWritten(String raw, String clean) {
        assertThat(TextCleaner.clean(raw)).isEqualTo(clean);
    }

    @Test
    void changesNothingTheSecondTime() {
        Random random = new Random(1);
        for (int i = 0; i < 30_000; i++) {
            String once = TextCleaner.clean(RandomTexts.next(random));
            assertThat(TextCleaner.clean(once)).isEqualTo(once);
            assertThat(once)
                    .doesNotContain("[SEP]", "[CLS]", "[MASK]", "\uFFFD", "  ")
                    .isEqualTo(once.strip());
        }
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String once = TextCleaner.clean("a" + Character.toString(codePoint) + "b");
            assertThat(TextCleaner.clean(once).equals(once))
                    .as("U+%X", codePoint)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p",
                "<p<b>>",
                "&amp;",
                "&#38;",
                "#38;",
                "amp;",
                "&#xFF06;",
                "&am&#112;;",
                "＆",
                "[[SEP]",
                "<a '\"",
                "&lt;"
            })
    void changesNothingTheSecondTimeHoweverDeeplyNested(String nested) {
        for (int depth = 1; depth < 40; depth++) {
            for (String raw : new String[] {
                nested.repeat(depth), "&" + nested.repeat(depth), nested.repeat(depth) + "b" + ">".repeat(depth)
            }) {
                String once = TextCleaner.clean(raw);
                assertThat(TextCleaner.clean(once)).as(raw).isEqualTo(once);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p ",
                "<p",
                "</p ",
                "<a x=\"",
                "<a x='<a y=\"",
                "<a \"'>",
                "<a \" x=\"",
                "<script>",
                "<script></script x ",
                "</",
                "&",
                "&a",
                "&#",
                "&amp;",
                "amp;",
                "&#38;",
                "＆amp;",
                "[SEP",
                "[",
                "a\u0301\u0327",
                "\u0301\u0316",
                "\uFF9E\u0301",
                " \u00A0"
            })
    void takesLinearTime(String repeated) {
        String large = "&" + repeated.repeat(3_000_000 / repeated.length());
        String clean = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> TextCleaner.clean(large));
        assertThat(clean).hasSizeLessThanOrEqualTo(2 * large.length());
    }

    @Test
    void looksForTheEndOfManyScriptsInLinearTime() {
        String scripts = "<script><style>".repeat(100_000) + ("</script" + " ".repeat(700_000) + "</style ").repeat(2);
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> TextCleaner.clean(scripts)))
                .isEqualTo("< /script < /style < /script < /style");
    }

    @Test
    void keepsThirtyMarksInARow() {
        // each U+0344 decomposes to two marks, so that 30 of them are cut twice
        String clean = TextCleaner.clean("q" + "\u0344".repeat(40) + "y");
        assertThat(clean).isEqualTo("q" + "\u0308\u0301".repeat(15) + "y");
        assertThat(TextCleaner.clean(clean)).isEqualTo(clean);
    }

    @Test
    void keepsTenMillionCharactersThatOpenNothing() {
        String open = "<".repeat(10_000_000);
        String comments = "<!--".repeat(2_500_000);
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> TextCleaner.clean(open)))
                .hasSize(open.length());
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> TextCleaner.clean(comments)))
                .startsWith("< !--< !--")
                .hasSize(comments.length() / 4 * 5);
    }
}
