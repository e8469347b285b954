package io.aisle.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tasks count their own rows and send what they counted: the sum must equal one count of all rows. */
class MergeTest {
    private static final int ROWS = 999;
    private static final int TASKS = 3;

    @Test
    void confusionOfTheTasksIsTheConfusionOfAllRows() throws Exception {
        Random random = new Random(41);
        ConfusionMatrix whole = new ConfusionMatrix(4);
        ConfusionMatrix[] tasks = {new ConfusionMatrix(4), new ConfusionMatrix(4), new ConfusionMatrix(4)};
        for (int row = 0; row < ROWS; row++) {
            int truth = random.nextInt(4);
            int predicted = random.nextInt(4);
            whole.add(truth, predicted, 1);
            tasks[row % TASKS].add(truth, predicted, 1);
        }

        ConfusionMatrix merged = sent(tasks[0]);
        merged.merge(sent(tasks[1]));
        merged.merge(sent(tasks[2]));

        assertThat(merged.cells()).isEqualTo(whole.cells());
        assertThat(merged.rows()).isEqualTo(ROWS);
    }

    @Test
    void calibrationOfTheTasksIsTheCalibrationOfAllRows() throws Exception {
        Random random = new Random(42);
        CalibrationError whole = new CalibrationError();
        CalibrationError[] tasks = {new CalibrationError(), new CalibrationError(), new CalibrationError()};
        for (int row = 0; row < ROWS; row++) {
            double confidence = random.nextDouble();
            boolean isCorrect = random.nextBoolean();
            whole.add(confidence, isCorrect);
            tasks[row % TASKS].add(confidence, isCorrect);
        }

        CalibrationError merged = sent(tasks[0]);
        merged.merge(sent(tasks[1]));
        merged.merge(sent(tasks[2]));

        assertThat(merged.error()).isPositive().isCloseTo(whole.error(), within(1e-12));
        assertThat(merged.bins())
                .extracting(CalibrationError.Bin::rows, CalibrationError.Bin::accuracy)
                .isEqualTo(whole.bins().stream()
                        .map(bin -> tuple(bin.rows(), bin.accuracy()))
                        .toList());
    }

    @Test
    void lossOfTheTasksIsTheLossOfAllRows() throws Exception {
        Random random = new Random(43);
        LogLoss whole = new LogLoss();
        LogLoss[] tasks = {new LogLoss(), new LogLoss(), new LogLoss()};
        for (int row = 0; row < ROWS; row++) {
            double probability = random.nextDouble();
            whole.add(probability);
            tasks[row % TASKS].add(probability);
        }

        LogLoss merged = sent(tasks[0]);
        merged.merge(sent(tasks[1]));
        merged.merge(sent(tasks[2]));

        assertThat(merged.mean()).isCloseTo(whole.mean(), within(1e-12));
    }

    @Test
    void topAccuracyOfTheTasksIsThatOfAllRows() throws Exception {
        Random random = new Random(44);
        TopKAccuracy whole = new TopKAccuracy(2);
        TopKAccuracy[] tasks = {new TopKAccuracy(2), new TopKAccuracy(2), new TopKAccuracy(2)};
        for (int row = 0; row < ROWS; row++) {
            int truth = random.nextInt(4);
            int[] top = {random.nextInt(4), random.nextInt(4)};
            whole.add(truth, top);
            tasks[row % TASKS].add(truth, top);
        }

        TopKAccuracy merged = sent(tasks[0]);
        merged.merge(sent(tasks[1]));
        merged.merge(sent(tasks[2]));

        assertThat(merged.accuracy(1)).isEqualTo(whole.accuracy(1));
        assertThat(merged.accuracy(2)).isEqualTo(whole.accuracy(2)).isGreaterThan(whole.accuracy(1));
    }

    @Test
    void acceptanceOfTheTasksIsThatOfAllRows() throws Exception {
        Random random = new Random(45);
        Acceptance whole = new Acceptance();
        Acceptance[] tasks = {new Acceptance(), new Acceptance(), new Acceptance()};
        for (int row = 0; row < ROWS; row++) {
            boolean isAccepted = random.nextInt(3) > 0;
            boolean isRight = random.nextInt(4) > 0;
            whole.add(isAccepted, isRight);
            tasks[row % TASKS].add(isAccepted, isRight);
        }

        Acceptance merged = sent(tasks[0]);
        merged.merge(sent(tasks[1]));
        merged.merge(sent(tasks[2]));

        assertThat(merged.share()).isEqualTo(whole.share()).isBetween(0.6, 0.7);
        assertThat(merged.precision()).isEqualTo(whole.precision()).isBetween(0.7, 0.8);
        assertThat(merged.precisionInterval()).isEqualTo(whole.precisionInterval());
    }

    private static <T extends Serializable> T sent(T counted) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(counted);
        }
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            @SuppressWarnings("unchecked")
            T received = (T) objects.readObject();
            return received;
        }
    }
}
