package io.aisle.batch.doctor;

import io.aisle.batch.doctor.ExecutorSurvey.Answer;
import io.aisle.batch.score.ProbeScores;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** What the checks look at. Each fact is gathered when the first check asks for it; where that fails it fails for all who ask. */
final class Examination {
    private final SparkSession spark;
    private final DoctorSettings settings;
    private final BuiltFor builtFor = BuiltFor.read();
    private final Set<String> failed = new HashSet<>();
    private final Supplier<JvmFacts> driver = once(this::gatherDriver);
    private final Supplier<List<Answer>> answers = once(this::askExecutors);
    private final Supplier<Directory> model = once(this::locateModel);
    private final Supplier<StoredBundle> bundle = once(() -> StoredBundle.open(model()));
    private final Supplier<ProbeScores> probes = once(this::sendProbes);

    Examination(SparkSession spark, DoctorSettings settings) {
        this.spark = spark;
        this.settings = settings;
    }

    SparkSession spark() {
        return spark;
    }

    SparkConf conf() {
        return spark.sparkContext().getConf();
    }

    Configuration hadoop() {
        return spark.sessionState().newHadoopConf();
    }

    DoctorSettings settings() {
        return settings;
    }

    BuiltFor builtFor() {
        return builtFor;
    }

    boolean isLocal() {
        return spark.sparkContext().isLocal();
    }

    /** Tasks that an executor runs at once. */
    int tasksAtOnce(JvmFacts executor) {
        int all = spark.sparkContext().defaultParallelism();
        int shared = conf().contains("spark.default.parallelism")
                ? executor.cores()
                : all / ExecutorSurvey.executors(spark.sparkContext());
        int cores = isLocal() ? all : conf().getInt("spark.executor.cores", shared);
        return Math.max(1, cores / Math.max(1, conf().getInt("spark.task.cpus", 1)));
    }

    /** Notes that a check failed, so that what builds on it need not be tried. */
    void noteFailed(String check) {
        failed.add(check);
    }

    boolean hasFailed(String check) {
        return failed.contains(check);
    }

    JvmFacts driver() {
        return driver.get();
    }

    /** Of each executor. */
    List<Answer> answers() {
        return answers.get();
    }

    /** The driver, and the executors that are processes of their own; the driver alone where the executors cannot be asked. */
    List<JvmFacts> jvms() {
        List<JvmFacts> jvms = new ArrayList<>(List.of(driver()));
        jvms.addAll(executors());
        return jvms;
    }

    /** The executors that are processes of their own; none where they cannot be asked, which a check of its own tells. */
    List<JvmFacts> executors() {
        try {
            return answers().stream()
                    .map(Answer::facts)
                    .filter(facts -> !facts.isSameProcess(driver()))
                    .toList();
        } catch (UserException asked) {
            return List.of();
        }
    }

    /** The bundle's directory. */
    Directory model() {
        return model.get();
    }

    /** The bundle, opened and so verified. */
    StoredBundle bundle() {
        return bundle.get();
    }

    /** The bundle's probes, its network sent to where tasks run. */
    ProbeScores probes() {
        return probes.get();
    }

    /** The bytes of all bundles that the job opens. */
    long modelBytes() {
        return settings.models().stream()
                .mapToLong(uri -> ModelLocation.resolve(spark, uri).bytes())
                .sum();
    }

    /** What the bundle says of itself, read without verifying the rest. */
    ModelManifest manifest() {
        return ModelBundle.readManifest(model().read(ModelManifest.FILE_NAME).getBytes(StandardCharsets.UTF_8));
    }

    private JvmFacts gatherDriver() {
        try {
            return FactsOfThisJvm.gather(builtFor.opens(), List.of(), hadoop());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Answer> askExecutors() {
        return ExecutorSurvey.ask(
                spark, builtFor, isLocal() ? List.of() : settings.askedPlaces(), settings.waitSeconds());
    }

    private Directory locateModel() {
        return ModelLocation.resolve(spark, settings.model().orElseThrow());
    }

    private ProbeScores sendProbes() {
        return ProbeScores.open(spark, bundle().bundle());
    }

    /** Remembers what was supplied, or thrown. */
    private static <T> Supplier<T> once(Supplier<T> supplier) {
        return new Supplier<>() {
            private Optional<T> value = Optional.empty();
            private RuntimeException failure;

            @Override
            public T get() {
                if (failure != null) {
                    throw failure;
                }
                if (value.isEmpty()) {
                    try {
                        value = Optional.of(supplier.get());
                    } catch (RuntimeException e) {
                        failure = e;
                        throw e;
                    }
                }
                return value.get();
            }
        };
    }
}
