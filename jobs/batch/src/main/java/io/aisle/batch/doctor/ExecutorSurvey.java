package io.aisle.batch.doctor;

import io.aisle.core.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** A tiny Spark job by which every executor tells of itself: one task a slot, each long enough for the others to find their own slots. */
final class ExecutorSurvey {
    private static final int ROUNDS = 5;
    private static final long HOLD_MILLIS = 300;

    private ExecutorSurvey() {}

    /**
     * What an executor answered.
     *
     * @param skewMillis how far its clock is from the driver's, at least: 0 where both can be right
     */
    record Answer(JvmFacts facts, long skewMillis) {}

    /**
     * Asks every executor that is there.
     *
     * @param seconds that the first may take to start
     * @return in order of their names
     * @throws UserException if none takes a task in time, or a task fails
     */
    static List<Answer> ask(SparkSession spark, BuiltFor builtFor, List<AskedPlace> places, int seconds) {
        SparkContext context = spark.sparkContext();
        Task task = new Task(
                UUID.randomUUID().toString(),
                builtFor.opens(),
                List.copyOf(places),
                new SerializableConfiguration(spark.sessionState().newHadoopConf()));
        Map<String, Answer> answers = new TreeMap<>();
        for (int round = 0; round < ROUNDS && (round < 2 || answers.size() < executors(context)); round++) {
            // facts are there from the second round on, so that it takes no time and tells clocks apart
            long start = System.currentTimeMillis();
            List<byte[]> told = run(context, task, seconds);
            long end = System.currentTimeMillis();
            for (byte[] one : told) {
                Told read = Told.read(one);
                long skew = Math.max(0, Math.max(start - read.clockMillis, read.clockMillis - end));
                answers.merge(
                        read.facts.name(),
                        new Answer(read.facts, skew),
                        (before, now) -> now.skewMillis > before.skewMillis ? now : before);
            }
        }
        return List.copyOf(answers.values());
    }

    /** How many there are now; under a local master the driver is the one. */
    static int executors(SparkContext context) {
        return Math.max(1, context.statusTracker().getExecutorInfos().length - 1);
    }

    private static List<byte[]> run(SparkContext context, Task task, int seconds) {
        int slots = Math.max(1, context.defaultParallelism());
        JavaFutureAction<List<byte[]>> job = JavaSparkContext.fromSparkContext(context)
                .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
                .mapPartitions(task)
                .collectAsync();
        try {
            return job.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            job.cancel(true);
            throw new UserException(
                    "Cannot ask the executors: found none that finished a task within " + seconds
                            + " s, expected at least one. Look at the cluster's own page for why it starts none (no room in the"
                            + " queue, a larger --executor-memory or --executor-cores than a node has, a driver that nodes do not reach"
                            + " back), or give it longer: --set doctor.wait-seconds=600.",
                    e);
        } catch (ExecutionException e) {
            throw new UserException(
                    "Cannot ask the executors: found that a task fails there (" + rootMessage(e)
                            + "), expected it to run. Give executors the same Java 17 and Aisle as the driver"
                            + " (spark.executorEnv.JAVA_HOME; the jar must reach them), and look at their logs.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for the executors: interrupted", e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage())
                .lines()
                .limit(3)
                .reduce((a, b) -> a + " " + b.strip())
                .orElse("");
    }

    /** Runs on executors. Each gathers its facts once a survey, however many tasks it gets. */
    private record Task(String survey, List<String> opens, List<AskedPlace> places, SerializableConfiguration hadoop)
            implements FlatMapFunction<Iterator<Integer>, byte[]> {
        private static final long serialVersionUID = 1L;
        private static final Map<String, JvmFacts> GATHERED = new ConcurrentHashMap<>();

        @Override
        public Iterator<byte[]> call(Iterator<Integer> slots) throws InterruptedException {
            Thread.sleep(HOLD_MILLIS);
            String key = survey + SparkEnv.get().executorId();
            JvmFacts facts = GATHERED.computeIfAbsent(key, absent -> gather());
            return List.of(new Told(facts, System.currentTimeMillis()).bytes()).iterator();
        }

        private JvmFacts gather() {
            try {
                return FactsOfThisJvm.gather(opens, places, hadoop.value());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As bytes of Java's own serialization: the cluster may have set another for Spark, and that one may know no records. */
    private record Told(JvmFacts facts, long clockMillis) implements Serializable {
        private static final long serialVersionUID = 1L;

        byte[] bytes() {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(this);
                }
                return bytes.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Told read(byte[] bytes) {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
                @Override
                protected Class<?> resolveClass(java.io.ObjectStreamClass description) throws ClassNotFoundException {
                    // the jar of the job is not known to the loader that Java would take
                    return Class.forName(description.getName(), false, Told.class.getClassLoader());
                }
            }) {
                return (Told) in.readObject();
            } catch (IOException | ClassNotFoundException e) {
                throw new IllegalStateException("Cannot read what an executor told", e);
            }
        }
    }
}
