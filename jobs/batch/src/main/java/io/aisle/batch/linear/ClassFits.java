package io.aisle.batch.linear;

import io.aisle.batch.dataset.Iterators;
import io.aisle.batch.dataset.KeptRows;
import io.aisle.batch.storage.SentDirectory;
import io.aisle.training.RecordFile;
import io.aisle.training.linear.SparseRows;
import io.aisle.training.linear.SupportVectors;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Classes against all others, each fitted by a task of its own: as many at once as the cluster has cores. The vectors go to each executor
 * once, as a file that its tasks map; weights come back class by class.
 *
 * @param vectors a file of {@link SparseRows}
 * @param features of which a vector has some
 * @param classes the labels of each class
 * @param weightOfLabel what a row of each label counts
 */
record ClassFits(
        SentDirectory vectors,
        int features,
        List<BitSet> classes,
        double[] weightOfLabel,
        SupportVectors solver,
        long seed)
        implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String FILE = "vectors";
    /** More tasks than this are overhead. */
    private static final int MAX_TASKS = 1_000;

    private static final StructType SCHEMA = new StructType()
            .add("class", DataTypes.IntegerType, false)
            .add("weights", DataTypes.BinaryType, false)
            .add("margins", DataTypes.BinaryType, false);

    private static final Map<String, SparseRows> OPEN = new ConcurrentHashMap<>();

    /** Sends vectors, the file of that name in a directory. */
    static SentDirectory send(SparkSession spark, Path directory) {
        return SentDirectory.send(spark, directory, List.of(FILE));
    }

    /** Where {@link #send} looks for them. */
    static Path file(Path directory) {
        return directory.resolve(FILE);
    }

    /**
     * Fits every class.
     *
     * @param refit whether the weights are fitted to the validation rows too, once these have had their margins
     * @param weights where to write the weights, which {@link ClassWeightsFile} reads
     * @return the margins of the validation rows by the weights that were fitted to train alone, [classes][validation rows]
     */
    float[][] fit(SparkSession spark, boolean refit, Path weights) {
        MapPartitionsFunction<Long, Row> fit =
                classes -> Iterators.map(classes, number -> fit(Math.toIntExact(number), refit));
        Dataset<Row> fitted = spark.range(0, classes.size(), 1, Math.min(classes.size(), MAX_TASKS))
                .mapPartitions(fit, Encoders.row(SCHEMA));
        float[][] margins = new float[classes.size()][];
        try (KeptRows kept = KeptRows.onDisk(fitted);
                RecordFile.Writer writer = RecordFile.write(weights)) {
            // all cores at once; the iterator below takes one partition after the other, in the order of the classes
            kept.rows().count();
            for (Iterator<Row> each = kept.rows().toLocalIterator(); each.hasNext(); ) {
                Row row = each.next();
                writer.add(ByteBuffer.wrap(row.<byte[]>getAs("weights")));
                margins[row.getInt(0)] = floats(row.getAs("margins"));
            }
        }
        return margins;
    }

    private Row fit(int number, boolean refit) {
        SparseRows rows =
                OPEN.computeIfAbsent(vectors.name(FILE), ignored -> SparseRows.open(file(vectors.link()), features));
        int[] train = rows.train();
        int[] validation = rows.validation();
        int[] used = refit
                ? IntStream.concat(Arrays.stream(train), Arrays.stream(validation))
                        .toArray()
                : train;
        SupportVectors.Fit fitted =
                solver.start(rows, used, label -> classes.get(number).get(label), weightOfLabel, seed + number);
        fitted.to(train.length);
        ByteBuffer margins = ByteBuffer.allocate(validation.length * Float.BYTES);
        SparseRows.Cursor cursor = rows.cursor();
        for (int row : validation) {
            cursor.moveTo(row);
            margins.putFloat((float) fitted.margin(cursor));
        }
        if (refit) {
            fitted.to(used.length);
        }
        return RowFactory.create(number, ClassWeightsFile.encode(fitted.weights(), fitted.bias()), margins.array());
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(floats);
        return floats;
    }
}
