package io.aisle.batch.train.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import io.aisle.batch.report.ReportJson;
import io.aisle.batch.train.CascadeCurve;
import io.aisle.batch.train.CascadeCurve.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * What linear and a network would come to together, at every threshold, on the rows that all are judged by.
 *
 * @param network its kind
 * @param target accuracy that the two may lose against the better of them
 */
record CascadeOutlook(String network, CascadeCurve curve, double target) {
    private static final int PARTS = 20;

    private static final UserDefinedFunction STEP =
            udf((UDF1<Float, Integer>) confidence -> CascadeCurve.step(confidence), DataTypes.IntegerType);

    /**
     * Counts. One shuffle by id, and a small one; the driver gets a row a step of the curve.
     *
     * @param linear rows of (id, confidence, is_right)
     * @param answers rows of (id, is_right) of the network
     */
    static CascadeOutlook of(String network, Dataset<Row> linear, Dataset<Row> answers, double target) {
        CascadeCurve curve = new CascadeCurve();
        for (Row row : linear.select(
                        col("id"),
                        STEP.apply(col("confidence")).as("step"),
                        col("is_right").cast("long").as("first"))
                .join(answers.select(col("id"), col("is_right").cast("long").as("second")), "id")
                .groupBy("step")
                .agg(count(lit(1)), sum("first"), sum("second"))
                .collectAsList()) {
            curve.add(row.getInt(0), row.getLong(1), row.getLong(2), row.getLong(3));
        }
        return new CascadeOutlook(network, curve, target);
    }

    /** The fewest rows for the network at which no more accuracy is lost than the target. */
    Point least() {
        return curve.choose(target);
    }

    /** From none for the network to all. */
    List<Point> points() {
        return curve.points(PARTS);
    }

    /** For the console. */
    String inWords() {
        String alone = String.format(
                Locale.ROOT,
                "(linear alone %.4f, %s alone %.4f)",
                curve.firstAccuracy(),
                network,
                curve.secondAccuracy());
        Point least = least();
        if (least.threshold() == 0) {
            return "linear, and " + network + " for none: linear alone is not worse by more than " + target + " "
                    + alone;
        }
        return String.format(
                Locale.ROOT,
                "linear, and %s only for the %.1f%% that it is least sure of: accuracy %.4f %s",
                network,
                100 * least.sentShare(),
                least.accuracy(),
                alone);
    }

    /** For programs. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("network", network);
        json.put("rows", curve.rows());
        json.put("linear_accuracy", ReportJson.orNull(curve.firstAccuracy()));
        json.put("network_accuracy", ReportJson.orNull(curve.secondAccuracy()));
        json.put("target", target);
        json.put("least", json(least()));
        json.put("points", points().stream().map(CascadeOutlook::json).toList());
        return json;
    }

    private static Map<String, Object> json(Point point) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("threshold", point.threshold());
        json.put("sent_share", ReportJson.orNull(point.sentShare()));
        json.put("accuracy", ReportJson.orNull(point.accuracy()));
        return json;
    }
}
