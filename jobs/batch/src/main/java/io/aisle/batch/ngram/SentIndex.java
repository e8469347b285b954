package io.aisle.batch.ngram;

import io.aisle.batch.storage.SentDirectory;
import io.aisle.core.ngram.NgramIndex;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.text.TextRecipe;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * An index of n-grams where the tasks run.
 *
 * @param files sent to the executors
 */
public record SentIndex(SentDirectory files, NgramSettings ngrams, TextRecipe recipe) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Map<String, NgramIndex> OPEN = new ConcurrentHashMap<>();

    /** Sends an index that was written into a directory. */
    public static SentIndex send(SparkSession spark, Path index, NgramSettings ngrams, TextRecipe recipe) {
        return new SentIndex(
                SentDirectory.send(spark, index, List.of(NgramIndex.FEATURES_FILE, NgramIndex.IDF_FILE)),
                ngrams,
                recipe);
    }

    /** The index where the calling task runs; its tasks share one. */
    public NgramIndex index() {
        return OPEN.computeIfAbsent(
                files.name(NgramIndex.FEATURES_FILE), ignored -> NgramIndex.read(files.link(), ngrams, recipe));
    }
}
