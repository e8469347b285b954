package io.aisle.batch.reduced;

import io.aisle.core.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.Metadata;

/**
 * Fills up rare classes with synthetic rows (Chawla et al. 2002, "SMOTE: Synthetic Minority Over-sampling Technique", section 4.2): each
 * lies between a row and one of its nearest neighbours of the same class, at a random point of the line from one to the other. The rows
 * of a class take turns.
 *
 * <p>A class of one row has no neighbours and stays as it is. Copies of a product that a person corrected (prepare.correction-weight) are
 * neighbours of each other: what lies between them is one copy more. Of train rows alone: validation and test stay what they are.
 *
 * @param neighbours nearest ones that are chosen from
 * @param quantile of the sizes of the classes up to which smaller classes are filled: 0.5 is the median
 */
public record Smote(int neighbours, double quantile) implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Rows of a class that is filled up, which one task compares with each other. */
    static final long MOST_ROWS = 20_000;

    /** A row of a class. */
    private record Point(String id, SparseVector vector, double square) {
        static Point of(Row row) {
            SparseVector vector = row.<Vector>getAs(ReducedRows.FEATURES).toSparse();
            return new Point(row.getAs(ReducedRows.ID), vector, vector.dot(vector));
        }

        double squaredDistance(Point other) {
            return square + other.square - 2 * vector.dot(other.vector);
        }
    }

    /**
     * How many rows the classes are filled up to: the size that so large a share of the classes does not exceed, of a rank that is rounded
     * up.
     */
    long target(long[] rowsOfLabel) {
        long[] ascending = rowsOfLabel.clone();
        Arrays.sort(ascending);
        int rank = (int) Math.ceil(quantile * ascending.length);
        return ascending[Math.max(0, rank - 1)];
    }

    /**
     * Adds synthetic rows to train rows. One shuffle, by label, of the classes that are filled up.
     *
     * @param rows with the columns of {@link ReducedRows}
     * @param rowsOfLabel how many there are of each label
     * @throws UserException if a class is too large to compare its rows with each other
     */
    Dataset<Row> fill(Dataset<Row> rows, long[] rowsOfLabel, long seed) {
        long target = target(rowsOfLabel);
        Map<Double, Integer> missing = new HashMap<>();
        for (int label = 0; label < rowsOfLabel.length; label++) {
            if (rowsOfLabel[label] > 1 && rowsOfLabel[label] < target) {
                missing.put((double) label, Math.toIntExact(target - rowsOfLabel[label]));
                if (rowsOfLabel[label] > MOST_ROWS) {
                    throw new UserException("Cannot fill up a class of " + rowsOfLabel[label]
                            + " rows: found more than " + MOST_ROWS + ", expected rare classes. Lower"
                            + " train.reduced.smote.quantile.");
                }
            }
        }
        if (missing.isEmpty()) {
            return rows;
        }
        Metadata labels = rows.schema().apply(ReducedRows.LABEL).metadata();
        MapFunction<Row, Double> labelOf = row -> row.getAs(ReducedRows.LABEL);
        FlatMapGroupsFunction<Double, Row, Row> between =
                (label, group) -> synthetic(label, group, missing.get(label), seed);
        Dataset<Row> added = rows.filter(
                        rows.col(ReducedRows.LABEL).isin(missing.keySet().toArray()))
                .groupByKey(labelOf, Encoders.DOUBLE())
                .flatMapGroups(between, Encoders.row(ReducedRows.SCHEMA));
        return rows.unionByName(added)
                .withColumn(ReducedRows.LABEL, rows.col(ReducedRows.LABEL).as(ReducedRows.LABEL, labels));
    }

    private Iterator<Row> synthetic(double label, Iterator<Row> group, int count, long seed) {
        List<Point> points = new ArrayList<>();
        double weight = 1;
        while (group.hasNext()) {
            Row row = group.next();
            weight = row.getAs(ReducedRows.WEIGHT);
            points.add(Point.of(row));
        }
        // in an order that depends on the rows alone
        points.sort(Comparator.comparing(Point::id));
        SplittableRandom random = new SplittableRandom(seed ^ Double.hashCode(label));
        List<Row> rows = new ArrayList<>(count);
        int[][] nearest = new int[points.size()][];
        for (int i = 0; i < count; i++) {
            int from = i % points.size();
            if (nearest[from] == null) {
                nearest[from] = nearest(points, from);
            }
            int to = nearest[from][random.nextInt(nearest[from].length)];
            Vector vector = between(points.get(from).vector(), points.get(to).vector(), random.nextDouble());
            rows.add(RowFactory.create(points.get(from).id() + "-smote-" + i, label, weight, vector));
        }
        return rows.iterator();
    }

    private int[] nearest(List<Point> points, int from) {
        Point point = points.get(from);
        double[] distances = points.stream().mapToDouble(point::squaredDistance).toArray();
        return IntStream.range(0, points.size())
                .filter(other -> other != from)
                .boxed()
                .sorted(Comparator.comparingDouble(other -> distances[other]))
                .limit(neighbours)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The point at a share of the way; its values are float32, as those of products are. */
    static Vector between(SparseVector from, SparseVector to, double share) {
        int[] indices = IntStream.concat(Arrays.stream(from.indices()), Arrays.stream(to.indices()))
                .sorted()
                .distinct()
                .toArray();
        double[] values = new double[indices.length];
        for (int i = 0; i < values.length; i++) {
            double start = from.apply(indices[i]);
            values[i] = (float) (start + share * (to.apply(indices[i]) - start));
        }
        return Vectors.sparse(from.size(), indices, values);
    }
}
