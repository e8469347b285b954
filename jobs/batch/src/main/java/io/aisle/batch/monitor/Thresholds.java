package io.aisle.batch.monitor;

import io.aisle.core.settings.Settings;

/**
 * What is too different.
 *
 * @param significance how often, at most, two runs that differ by chance alone may give any finding
 * @param minClassRows rows under which a category is too small to be looked at alone
 * @param psi of categories, confidence and text length: the population stability index
 * @param jensenShannon of the same: the divergence in nats
 * @param rows change of the number of rows, a share of those before
 * @param fill absolute change of the share of rows in which a field is filled
 * @param unknownWords rise of the share of unknown words
 * @param review absolute change of the share of rows for review
 * @param classGrowth factor by which a category's share grew or shrank
 * @param classUnknownWords rise of the share of unknown words in one category
 */
record Thresholds(
        double significance,
        long minClassRows,
        Limits psi,
        Limits jensenShannon,
        Limits rows,
        Limits fill,
        Limits unknownWords,
        Limits review,
        Limits classGrowth,
        Limits classUnknownWords) {

    static Thresholds read(Settings settings) {
        return new Thresholds(
                settings.number("monitor.significance", 0, 1),
                settings.wholeNumber("monitor.min-class-rows", 1, Long.MAX_VALUE),
                Limits.read(settings, "monitor.psi", 0, Double.MAX_VALUE),
                Limits.read(settings, "monitor.jensen-shannon", 0, Math.log(2)),
                Limits.read(settings, "monitor.rows", 0, Double.MAX_VALUE),
                Limits.read(settings, "monitor.fill", 0, 1),
                Limits.read(settings, "monitor.unknown-words", 0, 1),
                Limits.read(settings, "monitor.review", 0, 1),
                Limits.read(settings, "monitor.class-growth", 1, Double.MAX_VALUE),
                Limits.read(settings, "monitor.class-unknown-words", 0, 1));
    }
}
