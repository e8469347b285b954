package io.aisle.core.product;

import java.util.Locale;

/** The text fields of a {@link Product}, in the order in which a recipe joins them. */
public enum ProductField {
    TITLE,
    BRAND,
    DESCRIPTION,
    FEATURE;

    /** The field's name in settings, in {@code --columns} and as a column: lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
