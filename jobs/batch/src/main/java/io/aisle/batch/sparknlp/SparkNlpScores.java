package io.aisle.batch.sparknlp;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/** Scores rows with a pipeline of {@link SparkNlpPipeline}. */
public final class SparkNlpScores {
    /** The output column: array of float, one probability a label, in label order. */
    public static final String PROBABILITIES = "probabilities";

    private static final String ID = "id";

    /** Where Spark NLP's annotation keeps its scores: a map of strings. */
    private static final String METADATA = "metadata";

    private SparkNlpScores() {}

    /**
     * Adds {@value #PROBABILITIES}; every other column stays. No shuffle. Spark NLP turns each row's columns into
     * objects and back, so pass only the columns you need. Its softmax and its label look-up take time quadratic in the
     * labels: beyond a few hundred they, not a small network, set the pace, and the engine onnx is the one to use.
     *
     * <p>A row without token words gets null. Any other that Spark NLP gives no score for fails the job, with the row's id.
     *
     * @param rows with the string columns {@code id} and {@value SparkNlpPipeline#TOKEN_WORDS}
     * @param labelCount how many labels the pipeline was built with
     */
    public static Dataset<Row> withProbabilities(PipelineModel pipeline, Dataset<Row> rows, int labelCount) {
        UDF2<Seq<Row>, String, float[]> probabilities = (annotations, id) -> probabilities(annotations, id, labelCount);
        Column hasWords = col(SparkNlpPipeline.TOKEN_WORDS).notEqual("");
        ArrayType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
        return pipeline.transform(rows)
                .withColumn(
                        PROBABILITIES,
                        when(
                                hasWords,
                                udf(probabilities, floats)
                                        .apply(col(SparkNlpPipeline.CATEGORY), col(ID).cast(DataTypes.StringType))))
                .drop(SparkNlpPipeline.DOCUMENT, SparkNlpPipeline.TOKEN, SparkNlpPipeline.CATEGORY);
    }

    /** Reads the one annotation of a row; its metadata has a score for each label index, beside keys of Spark NLP. */
    private static float[] probabilities(Seq<Row> annotations, String id, int labelCount) {
        if (annotations.size() != 1) {
            throw new IllegalStateException("Cannot read the scores of row " + id + ": found " + annotations.size()
                    + " annotations, expected 1.");
        }
        Row annotation = annotations.apply(0);
        Map<String, String> scores = annotation.getJavaMap(annotation.fieldIndex(METADATA));
        float[] probabilities = new float[labelCount];
        for (int label = 0; label < labelCount; label++) {
            String score = scores.get(Integer.toString(label));
            if (score == null) {
                throw new IllegalStateException(
                        "Cannot read the scores of row " + id + ": found " + label + " labels, expected " + labelCount
                                + ". Score with the bundle that the pipeline was built from.");
            }
            probabilities[label] = Float.parseFloat(score);
        }
        if (scores.containsKey(Integer.toString(labelCount))) {
            throw new IllegalStateException("Cannot read the scores of row " + id + ": found more than " + labelCount
                    + " labels, expected " + labelCount
                    + ". Score with the bundle that the pipeline was built from.");
        }
        return probabilities;
    }
}
