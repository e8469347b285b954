package io.aisle.batch.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.aisle.batch.AisleRun;
import io.aisle.batch.JobContext;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.dataset.Folds;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.telemetry.JobLog;
import io.aisle.batch.telemetry.RunMeter;
import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.StackDefinition;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.TextRecipe;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTrainingTest {
    private static final int FOLDS = 2;
    private static final int TITLES = 300;

    @TempDir
    static Path temporary;

    @Test
    void writesABundleOfItsMembersThatIsNoWorseThanTheBest() {
        AisleRun run = AisleRun.succeeding(
                "train",
                "--data",
                TrainedBundle.prepared().toString(),
                "--kind",
                "stack",
                "--stack-kinds",
                "linear,bag",
                "--set",
                "train.stack.folds=2",
                "--set",
                "train.linear.max-characters=0",
                "--set",
                "train.vocabulary-size=1000",
                "--output",
                temporary.resolve("stack").toString());

        ModelBundle bundle = ModelBundle.open(temporary.resolve("stack"));
        StackDefinition stack = (StackDefinition) bundle.manifest().model();
        assertThat(stack.members()).extracting(member -> member.kind()).containsExactly("linear", "distilbert");
        assertThat(stack.weights()).allMatch(weight -> weight > 0.05);
        assertThat(bundle.manifest().metrics().get("validation_accuracy"))
                .isGreaterThanOrEqualTo(Math.max(alone(run, "linear"), alone(run, "bag")) - 0.02);
        assertThat(bundle.manifest().provenance().parameters())
                .containsEntry("kind", "stack")
                .containsEntry("stack_folds", "2")
                .containsEntry(
                        "stack_weight.bag", Double.toString(stack.weights().get(1)))
                .containsEntry("linear.linear_refit", "true")
                .containsKey("bag.epochs");
        assertThat(bundle.manifest().provenance().libraries()).containsKey("pytorch");
        assertThat(run.out())
                .contains("fold 2 bag: training")
                .contains("validated bag: training")
                .contains("refitted linear: training");
        assertThat(run.out()).as("it has no use for validation rows").doesNotContain("refitted bag");
        assertThat(temporary.resolve(".stack-training")).doesNotExist();
    }

    private static double alone(AisleRun run, String kind) {
        String line = run.out()
                .lines()
                .filter(each -> each.startsWith(kind + " counts "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** A quarter of the labels were drawn by lot: they can be known from copies alone. */
    @Test
    void leakBetweenFoldsIsCaught() {
        Dataset<Row> train = pairs("train");
        Dataset<Row> straddling =
                train.withColumn("fold", col("id").endsWith("b").cast(DataTypes.IntegerType));

        assertThatThrownBy(() -> training(train).train(straddling))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("answered right by models that were not trained on them, expected no more than")
                .hasMessageContaining("Copies of train rows lie in more than one fold");
    }

    private static StackTraining training(Dataset<Row> train) {
        // a part that nothing is in, so that the others are all
        PreparedData data = Folds.of(
                        PreparedManifest.of(TextRecipe.standard(), Map.of(), "by lot"),
                        train.withColumn("fold", lit(0)),
                        2,
                        1,
                        Optional.of(pairs("validation")))
                .others();
        TrainSettings settings = TrainSettings.read(Settings.overlaid(List.of(ConfigFactory.parseMap(Map.of(
                "train.data",
                "memory",
                "train.kind",
                "stack",
                "train.stack.kinds",
                List.of("linear", "random-forest"),
                "train.stack.folds",
                FOLDS,
                "train.linear.max-characters",
                0,
                "train.linear.min-products",
                1,
                "train.random-forest.trees",
                5,
                "train.reduced.min-products",
                1,
                "output",
                "memory")))));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        JobContext context = new JobContext(
                TestSession.get(),
                new JobLog(nowhere, nowhere, Clock.systemUTC()),
                new RunMeter(TestSession.get().sparkContext(), Double.NaN));
        Path work = temporary.resolve("leaky");
        Directory shared = Directory.of(
                TestSession.get(), temporary.resolve("shared").toUri().toString());
        return new StackTraining(
                settings, data, data.manifest().labels(), new Members(context, Map.of(), shared, work));
    }

    /** Two rows a title, with one label: in three of four pairs the one that the title names. */
    private static Dataset<Row> pairs(String name) {
        Random lot = new Random(name.hashCode());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < TITLES; i++) {
            boolean isKettle = lot.nextBoolean();
            String title = (isKettle ? "kettle " : "lamp ") + name + i;
            String label = isKettle == (lot.nextInt(4) > 0) ? "Kettles" : "Lamps";
            for (String copy : List.of("a", "b")) {
                rows.add(RowFactory.create(name + i + copy, title, "", "", "", title, label, name + i + copy));
            }
        }
        return TestSession.get().createDataFrame(rows, PreparedData.SCHEMA);
    }
}
