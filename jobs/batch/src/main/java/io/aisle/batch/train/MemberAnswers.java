package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.score.Engine;
import io.aisle.batch.score.Scoring;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Stack;
import io.aisle.training.linear.ExpertWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What several models say of the same rows.
 *
 * @param logits log-probabilities, [members][rows][labels]
 * @param labels index of each row's label
 */
record MemberAnswers(float[][][] logits, int[] labels) {
    private static final String MEMBER = "member_";
    /** The logarithm of 0 would be no number. */
    private static final float LEAST_PROBABILITY = 1e-30f;

    /**
     * Asks each bundle, and collects what they say, in an order that depends on the rows alone. One shuffle by text, one to sort.
     *
     * @param members bundles of the same labels
     * @param rows prepared rows
     * @param count how many there are
     * @param labels in the order of their indices
     */
    static MemberAnswers of(List<ModelBundle> members, Dataset<Row> rows, long count, List<String> labels) {
        Map<String, Integer> numbers = new HashMap<>();
        labels.forEach(label -> numbers.put(label, numbers.size()));
        Dataset<Row> asked = Scoring.byText(rows, count);
        List<Column> columns = new ArrayList<>(List.of(col("label")));
        for (int member = 0; member < members.size(); member++) {
            asked = Scoring.open(rows.sparkSession(), members.get(member), Engine.ONNX)
                    .withProbabilities(asked)
                    .withColumnRenamed(Scoring.PROBABILITIES, MEMBER + member);
            columns.add(col(MEMBER + member));
        }
        List<Row> answers = asked.sort(xxhash64(col("id"), lit("order")), col("id"), col("label"))
                .select(columns.toArray(Column[]::new))
                .collectAsList();
        float[][][] logits = new float[members.size()][answers.size()][];
        int[] truths = new int[answers.size()];
        for (int row = 0; row < truths.length; row++) {
            truths[row] = numbers.get(answers.get(row).getString(0));
            for (int member = 0; member < logits.length; member++) {
                logits[member][row] = logarithms(Scoring.probabilities(answers.get(row), MEMBER + member));
            }
        }
        return new MemberAnswers(logits, truths);
    }

    /** The same, of more labels; a label that was not asked about has next to no probability. */
    MemberAnswers withLabels(List<String> asked, List<String> all) {
        int[] places = asked.stream().mapToInt(all::indexOf).toArray();
        float[][][] widened = new float[logits.length][labels.length][all.size()];
        for (int member = 0; member < logits.length; member++) {
            for (int row = 0; row < labels.length; row++) {
                Arrays.fill(widened[member][row], (float) Math.log(LEAST_PROBABILITY));
                for (int label = 0; label < places.length; label++) {
                    widened[member][row][places[label]] = logits[member][row][label];
                }
            }
        }
        return new MemberAnswers(
                widened, Arrays.stream(labels).map(label -> places[label]).toArray());
    }

    /** The rows of all, which have the same members and labels. */
    static MemberAnswers join(List<MemberAnswers> all) {
        int members = all.get(0).logits.length;
        float[][][] logits = new float[members][][];
        for (int i = 0; i < members; i++) {
            int member = i;
            logits[member] = all.stream()
                    .flatMap(answers -> Arrays.stream(answers.logits[member]))
                    .toArray(float[][]::new);
        }
        return new MemberAnswers(
                logits,
                all.stream()
                        .flatMapToInt(answers -> Arrays.stream(answers.labels))
                        .toArray());
    }

    /** How much each member counts where their answers to these rows are the most probable. */
    List<Double> weights() {
        List<int[]> labelItself = new ArrayList<>();
        float[][][] byLabel = new float[logits.length][][];
        for (int member = 0; member < logits.length; member++) {
            labelItself.add(IntStream.range(0, logits[member][0].length).toArray());
            byLabel[member] = transposed(logits[member]);
        }
        return Arrays.stream(ExpertWeights.fit(labelItself, byLabel, labels))
                .boxed()
                .toList();
    }

    private static float[][] transposed(float[][] rows) {
        float[][] columns = new float[rows[0].length][rows.length];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < columns.length; column++) {
                columns[column][row] = rows[row][column];
            }
        }
        return columns;
    }

    /** What the members say together, [rows][labels]. */
    float[][] together(List<Double> weights) {
        float[][] together = new float[labels.length][];
        for (int i = 0; i < together.length; i++) {
            int row = i;
            together[row] = Stack.together(
                    Arrays.stream(logits).map(ofMember -> ofMember[row]).toList(), weights);
        }
        return together;
    }

    private static float[] logarithms(float[] probabilities) {
        float[] logarithms = new float[probabilities.length];
        for (int label = 0; label < probabilities.length; label++) {
            logarithms[label] = (float) Math.log(Math.max(probabilities[label], LEAST_PROBABILITY));
        }
        return logarithms;
    }
}
