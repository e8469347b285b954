package io.aisle.batch.catalog;

import io.aisle.core.product.Product;
import io.aisle.core.text.TextCleaner;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be wrong with the text of a record before it is cleaned. */
public enum TextFault {
    /** Tags of HTML; cleaning takes them out. */
    MARKUP(1, "<[a-zA-Z/!][^<>]{0,200}>"),
    /** Character references; cleaning resolves them. */
    ENTITIES(2, "&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"),
    /** Control and invisible characters; cleaning takes them out. */
    CONTROL_CHARACTERS(4, "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u200B-\\u200F\\u2060\\uFEFF]"),
    /** U+FFFD: a character was lost before the catalog was written. */
    REPLACEMENT_CHARACTER(8, "\\uFFFD"),
    /** UTF-8 that was read as Windows-1252 (an apostrophe as three characters): nothing mends it here. */
    MOJIBAKE(
            16,
            "\u00C3[\u0080-\u00BF\u0192\u2020-\u2022\u2026\u2030\u0160\u0152\u017D]|\u00C2[\u00A0-\u00BF]|\u00E2\u20AC[\u0080-\u00BF\u2018-\u201D\u2122\u0153\u00A2\u00A6]"),
    /** Half of a surrogate pair. */
    LONE_SURROGATE(32, null),
    /** A special token of the network, such as [SEP], as text; cleaning makes it harmless. */
    SPECIAL_TOKEN(64, "\\[(?:SEP|CLS|PAD|MASK|UNK)\\]");

    /** Those that no cleaning mends: a character is gone, or another one stands for it. */
    public static final Set<TextFault> BROKEN = Set.of(REPLACEMENT_CHARACTER, MOJIBAKE, LONE_SURROGATE);

    private final int bit;
    private final Pattern pattern;

    TextFault(int bit, String pattern) {
        this.bit = bit;
        this.pattern = pattern == null ? null : Pattern.compile(pattern);
    }

    /** The name in reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a set of faults, as {@link #in} gives it, holds this one. */
    public boolean isIn(int faults) {
        return (faults & bit) != 0;
    }

    /** The faults of a raw product: a bit for each. */
    static int in(Product raw) {
        int faults = 0;
        for (String text : new String[] {raw.title(), raw.brand(), raw.description(), raw.feature()}) {
            for (TextFault fault : values()) {
                if (!fault.isIn(faults) && fault.isFoundIn(text)) {
                    faults |= fault.bit;
                }
            }
        }
        return faults;
    }

    private boolean isFoundIn(String text) {
        return pattern == null
                ? !TextCleaner.withoutLoneSurrogates(text).equals(text)
                : pattern.matcher(text).find();
    }
}
