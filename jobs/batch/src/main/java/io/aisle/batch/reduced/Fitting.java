package io.aisle.batch.reduced;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One way to fit a model to few features, with its settings. */
public interface Fitting {
    /** The settings, for the manifest. */
    Map<String, String> asText();

    /** What fits, with versions, where it is not Spark. */
    Map<String, String> libraries();

    /** Whether rows can count more and less; else {@link ReducedRows#WEIGHT} is not looked at. */
    boolean takesWeights();

    /**
     * Fits.
     *
     * @param rows with the columns of {@link ReducedRows}, kept
     * @param labels how many there are; each has a row
     * @param directory of the driver's, for the model's files
     */
    ReducedModel fit(Dataset<Row> rows, int features, int labels, long seed, Path directory) throws IOException;
}
