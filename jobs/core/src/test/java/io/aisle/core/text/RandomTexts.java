package io.aisle.core.text;

import java.util.List;
import java.util.Random;

/** Seeded texts that are hard on cleaners and tokenizers: many scripts, marks, markup, special tokens, long words. */
final class RandomTexts {
    private static final List<String> FRAGMENTS = List.of(
            " ",
            "  ",
            "\t",
            "\u00A0",
            "\u200B",
            "\u00AD",
            "\u0301",
            "\u0338",
            "\u302E",
            "\uD834\uDD65",
            "\u1DFB",
            "\u1DF6",
            "\u093F",
            "\u0F39",
            "wash",
            "Washing",
            "machine",
            "zebra",
            "Größe",
            "ÀÉÎÕÜ",
            "İstanbul",
            "ΟΔΟΣ",
            "ﬁlter",
            "½",
            "№",
            "™",
            "®",
            "café",
            "日本語",
            "\uD869\uDEA5",
            "\uF900",
            "한국어",
            "ไทย",
            "हिन्दी",
            "العربية",
            "עִבְרִית",
            "👩\u200D👩\u200D👧",
            "❤\uFE0F",
            "🇩🇪",
            "[SEP]",
            "[CLS]",
            "[MASK]",
            "[sep]",
            "[UNK",
            "PAD]",
            "[[SEP]]",
            "［ＳＥＰ］",
            "＜ｂ＞",
            "＆amp;",
            "<b>",
            "</b>",
            "<p",
            "<",
            ">",
            "< ",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<a title=\"",
            "<a title='x>y'>",
            "<br/>",
            "\"",
            "'",
            "=",
            "&",
            "&amp;",
            "amp;",
            "&lt;",
            "&#38;",
            "&#x5B;",
            "#91;",
            "&nbsp",
            ";",
            "SEP",
            "$9.99",
            "wi-fi",
            "don’t",
            "≠",
            "\uFFFD",
            "\uE000",
            "\u0000",
            "donaudampfschifffahrtsgesellschaftskapitaensmuetze",
            "a".repeat(99),
            "b".repeat(101));

    private RandomTexts() {}

    static String next(Random random) {
        StringBuilder text = new StringBuilder();
        for (int fragments = random.nextInt(25); fragments > 0; fragments--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append(' ');
                case 1 -> text.appendCodePoint(codePoint(random, 0x110000));
                case 2 -> text.appendCodePoint(codePoint(random, 0x3000));
                default -> text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            }
        }
        return text.toString();
    }

    private static int codePoint(Random random, int bound) {
        int codePoint = random.nextInt(bound);
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? 'x' : codePoint;
    }
}
