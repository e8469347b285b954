package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.gpu.GpuRequest;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.NumberedFiles;
import io.aisle.batch.storage.SentFile;
import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import io.aisle.core.storage.TemporaryDirectory;
import io.aisle.training.Checkpoints;
import io.aisle.training.Examples;
import io.aisle.training.InitialWeights;
import io.aisle.training.TokenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.util.CollectionAccumulator;

/**
 * Trains a network as one Spark task, on an executor with a GPU where GPUs were asked for. The rows go straight there and lie in local
 * files; weights come back, and checkpoints are kept, by a directory that driver and executors share.
 *
 * @param start file that was sent to executors, with the weights to start from
 * @param labels classes of the rows; 0 where none is looked at
 * @param threads of PyTorch on a CPU; 0 for as many as the executor has cores
 */
record NetworkTraining<R>(
        Aim<R> aim,
        String start,
        int labels,
        int threads,
        GpuRequest gpus,
        int checkpointSteps,
        NumberedFiles checkpoints,
        NumberedFiles result,
        CollectionAccumulator<String> lines)
        implements MapPartitionsFunction<Row, String>, Serializable {
    private static final long serialVersionUID = 1L;

    /** What a training keeps beside its output until that is written, for driver and executors. */
    static Directory shared(Directory output) {
        return output.parent().directory("." + output.name() + "-training");
    }

    /**
     * Trains until the plan is over, or goes on from a checkpoint of the same training.
     *
     * @param weights to start from
     * @param labels classes of the rows; 0 where none is looked at
     * @param threads of PyTorch on a CPU; 0 for as many as the executor has cores
     * @param rows that {@link TokenizedRows#of} made, of train and validation
     * @param shared a directory for checkpoints and the result
     */
    static <R> R run(
            JobContext context,
            Aim<R> aim,
            SortedMap<String, Tensor> weights,
            int labels,
            int threads,
            int checkpointSteps,
            Dataset<Row> rows,
            Directory shared) {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("aisle-train-");
                LinesFromTask lines = LinesFromTask.listen(context)) {
            Path start = temporary.path().resolve("weights");
            try (OutputStream out = Files.newOutputStream(start)) {
                InitialWeights.write(out, weights);
            }
            NumberedFiles result = NumberedFiles.of(context.spark(), shared.uri(), "result");
            NetworkTraining<R> training = new NetworkTraining<>(
                    aim,
                    SentFile.send(context.spark(), start),
                    labels,
                    threads,
                    GpuRequest.of(context.spark().sparkContext()),
                    checkpointSteps,
                    NumberedFiles.of(context.spark(), shared.uri(), "checkpoint"),
                    result,
                    lines.lines());
            List<String> failures = TokenizedRows.inOnePartition(rows)
                    .mapPartitions(training, Encoders.STRING())
                    .collectAsList();
            if (!failures.isEmpty()) {
                throw new UserException(failures.get(0));
            }
            try (InputStream in = result.latest().orElseThrow()) {
                return aim.read(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot train: weights or result could not be written or read", e);
        }
    }

    private static int threadsHere(int threads) {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** Runs on the executor. What the user can mend is handed back: a task that threw it would be tried again. */
    @Override
    public Iterator<String> call(Iterator<Row> rows) throws IOException {
        try {
            train(rows);
            return List.<String>of().iterator();
        } catch (UserException e) {
            return List.of(e.getMessage()).iterator();
        }
    }

    private void train(Iterator<Row> rows) throws IOException {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("aisle-train-");
                TokenFile.Writer train = TokenFile.write(temporary.path().resolve("train"), labels);
                TokenFile.Writer validation = TokenFile.write(temporary.path().resolve("validation"), labels)) {
            while (rows.hasNext()) {
                Row row = rows.next();
                TokenFile.Writer writer = row.<String>getAs("split").equals(Split.TRAIN.key()) ? train : validation;
                writer.add(TokenizedRows.tokens(row), row.<Integer>getAs("label"), TokenizedRows.teacher(row));
            }
            R trained = aim.train(means(train.open(), validation.open()));
            result.save(out -> aim.write(trained, out));
        }
    }

    private Aim.Means means(Examples train, Examples validation) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(SparkFiles.get(start)))) {
            return new Aim.Means(
                    threadsHere(threads),
                    gpus.taskDevice(),
                    InitialWeights.read(in),
                    train,
                    validation,
                    new SharedCheckpoints(checkpointSteps, checkpoints),
                    new TrainingLines(lines::add));
        }
    }

    private record SharedCheckpoints(int everySteps, NumberedFiles files) implements Checkpoints {
        @Override
        public String place() {
            return files.directory();
        }

        @Override
        public Optional<InputStream> latest() throws IOException {
            return files.latest();
        }

        @Override
        public void save(Content content) throws IOException {
            files.save(content::writeTo);
        }
    }
}
