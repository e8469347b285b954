package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.aisle.batch.prepare.Corrections.Outcome;
import io.aisle.batch.telemetry.Names;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * What became of corrections, counted by reading back what was written of them.
 *
 * @param read all, those that could not be used among them
 * @param outcomes how many had each outcome; those that were quarantined are unusable
 * @param confirming of the applied ones, how many say what the catalog says
 * @param conflictingProducts how many products were given different categories
 * @param someConflicting the first of these products
 */
record CorrectionCounts(
        long read,
        Map<Outcome, Long> outcomes,
        long confirming,
        long conflictingProducts,
        List<String> someConflicting) {

    /**
     * Reads the trail. A few ids reach the driver.
     *
     * @param trail as {@link Corrections#trail} made it, from its files
     */
    static CorrectionCounts of(Corrections corrections, Dataset<Row> trail) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        outcomes.put(Outcome.UNUSABLE, corrections.unreadable());
        long confirming = 0;
        for (Row row : trail.groupBy("outcome")
                .agg(
                        count(lit(1)),
                        sum(when(col("label").equalTo(col("catalog_label")), 1L).otherwise(0L)))
                .collectAsList()) {
            Outcome outcome = Outcome.valueOf(row.getString(0).toUpperCase(Locale.ROOT));
            outcomes.merge(outcome, row.getLong(1), Long::sum);
            confirming += outcome == Outcome.APPLIED ? row.getLong(2) : 0;
        }
        Dataset<Row> conflicting = trail.filter(col("conflicting")).select("id").distinct();
        return new CorrectionCounts(
                corrections.read(),
                outcomes,
                confirming,
                conflicting.count(),
                conflicting.sort("id").limit(Names.SHOWN).as(Encoders.STRING()).collectAsList());
    }

    long of(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Corrections that became or could have become rows of their own: all but those that replaced a label. */
    long added() {
        return read - of(Outcome.APPLIED);
    }

    /** For the manifest. Refuses counts that do not add up: a correction was lost or counted twice. */
    Map<String, Long> balanced() {
        Map<String, Long> counts = new TreeMap<>();
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome.key(), of(outcome));
        }
        long known = counts.values().stream().mapToLong(Long::longValue).sum();
        if (known != read) {
            throw new IllegalStateException("Cannot finish prepare: found " + known
                    + " corrections accounted for, expected " + read + "; " + counts);
        }
        counts.put("read", read);
        counts.put("confirming", confirming);
        counts.put("conflicting_products", conflictingProducts);
        return counts;
    }

    String inWords() {
        StringBuilder words = new StringBuilder(String.format(
                Locale.ROOT,
                "corrections: %,d read, %,d applied (%,d of them say what the catalog says), %,d added products, %,d superseded",
                read,
                of(Outcome.APPLIED),
                confirming,
                of(Outcome.ADDED),
                of(Outcome.SUPERSEDED)));
        if (of(Outcome.UNUSABLE) > 0) {
            words.append(String.format(Locale.ROOT, ", %,d unusable (see quarantine/)", of(Outcome.UNUSABLE)));
        }
        if (conflictingProducts > 0) {
            words.append(String.format(
                    Locale.ROOT,
                    "; %,d %s given different categories: %s (corrections/ has who said what)",
                    conflictingProducts,
                    conflictingProducts == 1 ? "product was" : "products were",
                    Names.some(someConflicting, conflictingProducts)));
        }
        return words.toString();
    }
}
