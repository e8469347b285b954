package io.aisle.batch.reduced;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.storage.SentDirectory;
import io.aisle.core.ngram.VectorScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a model says of rows, calculated on the executors as a bundle will.
 *
 * @param logits [rows][labels], before a temperature
 * @param labels index of each row's true label
 */
record ReducedAnswers(float[][] logits, int[] labels) {
    private static final StructType SCHEMA = new StructType()
            .add(ReducedRows.ID, DataTypes.StringType, false)
            .add(ReducedRows.LABEL, DataTypes.DoubleType, false)
            .add("logits", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    private static final Map<String, VectorScorer> OPEN = new ConcurrentHashMap<>();

    /**
     * Asks a model.
     *
     * @param rows with the columns of {@link ReducedRows}; all answers meet on the driver, in the order of their ids
     * @param files the directory of the model's files
     */
    static ReducedAnswers of(Dataset<Row> rows, ReducedModel model, Path files) {
        SentDirectory sent = SentDirectory.send(rows.sparkSession(), files, model.files());
        MapPartitionsFunction<Row, Row> score = partition -> {
            VectorScorer scorer =
                    OPEN.computeIfAbsent(sent.name(model.files().get(0)), ignored -> model.open(sent.link()));
            return Iterators.map(
                    partition,
                    row -> RowFactory.create(
                            row.<String>getAs(ReducedRows.ID),
                            row.<Double>getAs(ReducedRows.LABEL),
                            scorer.scores(ReducedRows.vector(row))));
        };
        List<float[]> logits = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        Iterator<Row> ordered = rows.mapPartitions(score, Encoders.row(SCHEMA))
                .orderBy(col(ReducedRows.ID))
                .toLocalIterator();
        while (ordered.hasNext()) {
            Row row = ordered.next();
            labels.add((int) row.getDouble(1));
            logits.add(floats(row.getList(2)));
        }
        return new ReducedAnswers(
                logits.toArray(float[][]::new),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static float[] floats(List<Float> boxed) {
        float[] floats = new float[boxed.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = boxed.get(i);
        }
        return floats;
    }
}
