package io.aisle.batch.measure;

import static org.apache.spark.sql.functions.col;

import io.aisle.batch.score.Scoring;
import io.aisle.core.metric.RankingCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The area under each label's ROC curve, exact: every (row, label) score is shuffled to its label and streamed in descending order, so
 * that no task holds more than one curve's counts. Shuffles rows × labels scores of 9 bytes.
 */
public final class RankingAreas {
    private static final StructType SCORE = new StructType()
            .add("label", DataTypes.IntegerType)
            .add("score", DataTypes.FloatType)
            .add("is_positive", DataTypes.BooleanType);

    private static final StructType AREA =
            new StructType().add("label", DataTypes.IntegerType).add("area", DataTypes.DoubleType);

    private RankingAreas() {}

    /**
     * One area a label, NaN where it is undefined.
     *
     * @param scored rows of (truth, probabilities)
     */
    public static double[] of(Dataset<Row> scored, Truths truths, int labels) {
        FlatMapFunction<Row, Row> scores = row -> {
            float[] probabilities = Scoring.probabilities(row);
            int truth = truths.label(row.getInt(0));
            List<Row> rows = new ArrayList<>(labels);
            for (int label = 0; label < labels; label++) {
                rows.add(RowFactory.create(label, probabilities[label], label == truth));
            }
            return rows.iterator();
        };
        MapPartitionsFunction<Row, Row> areas = RankingAreas::areas;
        double[] result = new double[labels];
        Arrays.fill(result, Double.NaN);
        for (Row row : scored.flatMap(scores, Encoders.row(SCORE))
                .repartition(col("label"))
                .sortWithinPartitions(col("label"), col("score").desc())
                .mapPartitions(areas, Encoders.row(AREA))
                .collectAsList()) {
            result[row.getInt(0)] = row.getDouble(1);
        }
        return result;
    }

    private static Iterator<Row> areas(Iterator<Row> sorted) {
        List<Row> areas = new ArrayList<>();
        RankingCurve curve = new RankingCurve();
        int label = -1;
        while (sorted.hasNext()) {
            Row row = sorted.next();
            if (row.getInt(0) != label) {
                if (label >= 0) {
                    areas.add(RowFactory.create(label, curve.area()));
                }
                label = row.getInt(0);
                curve = new RankingCurve();
            }
            curve.add(row.getFloat(1), row.getBoolean(2), 1);
        }
        if (label >= 0) {
            areas.add(RowFactory.create(label, curve.area()));
        }
        return areas.iterator();
    }
}
