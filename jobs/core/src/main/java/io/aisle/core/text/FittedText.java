package io.aisle.core.text;

/**
 * What a network reads of a product.
 *
 * @param text the fields, cut to their budgets, joined by " [SEP] "
 * @param ids the text's ids: [CLS], the pieces, [SEP]; not padded
 */
public record FittedText(String text, int[] ids) {}
