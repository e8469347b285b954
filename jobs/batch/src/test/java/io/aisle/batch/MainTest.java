package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.Job.Command;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.settings.CommandOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    /** Runs a job that does what is given. */
    private static AisleRun runJob(Consumer<JobContext> action, String... options) {
        Job job = new Job() {
            @Override
            public List<String> plan() {
                return List.of();
            }

            @Override
            public void run(JobContext context) {
                action.accept(context);
            }
        };
        Command command = new Command(
                "act", "Acts.", List.of(CommandOption.required("input", "URI", "input", "what to read")), any -> job);
        List<String> arguments = new ArrayList<>(List.of("act", "--input", "x"));
        arguments.addAll(List.of(options));
        return AisleRun.of(List.of(command), arguments);
    }

    private static AisleRun failing(Throwable failure) {
        return runJob(context -> MainTest.<RuntimeException>sneak(failure));
    }

    /** Throws what need not be declared, as Scala does. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void zeroIsDone() {
        AisleRun run = runJob(context -> {
            context.step("act");
            context.say("%,d rows, %.1f%%", 1_234_567, 12.5);
            context.say("100% as it is");
        });

        assertThat(run).isEqualTo(new AisleRun(0, "1,234,567 rows, 12.5%\n100% as it is\n", ""));
        assertThat(TestSession.get().sparkContext().isStopped())
                .as("a session that was there before stays")
                .isFalse();
        assertThat(TestSession.get().sparkContext().getLocalProperty("spark.job.description"))
                .isNull();
    }

    @Test
    void aJobThatDoesNotRunOnSparkIsHandedNoSession() {
        Job job = new Job() {
            @Override
            public List<String> plan() {
                return List.of();
            }

            @Override
            public boolean isOnSpark() {
                return false;
            }

            @Override
            public void run(JobContext context) {
                context.say("computed");
                context.spark();
            }
        };

        AisleRun run = AisleRun.of(List.of(new Command("think", "Thinks.", List.of(), any -> job)), List.of("think"));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEqualTo("computed\n");
        assertThat(run.err()).contains("Cannot use Spark: found a job that says it does not run on it");
    }

    @Test
    void saysOneJsonObjectALineWhereAsked() {
        AisleRun run = runJob(
                context -> {
                    context.step("act: once");
                    context.say("one \"line\"\nand another");
                    context.say(new TextTable("rows", "").row("train", "1,000"));
                    throw new UserException("Cannot read s3a://key:hunter2@bucket/x: found nothing.");
                },
                "--set",
                "log.format=json");

        String origin = "\"job\":\"act\",\"application\":\""
                + TestSession.get().sparkContext().applicationId() + "\",\"step\":\"act: once\",";
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(withoutTime(run.out()))
                .isEqualTo("{\"level\":\"INFO\"," + origin + "\"message\":\"one \\\"line\\\"\\nand another\"}\n"
                        + "{\"level\":\"INFO\"," + origin + "\"message\":\"rows\\ntrain  1,000\","
                        + "\"table\":[{\"rows\":\"train\",\"value\":\"1,000\"}]}\n");
        assertThat(withoutTime(run.err()))
                .isEqualTo("{\"level\":\"ERROR\"," + origin
                        + "\"message\":\"Cannot read s3a://(hidden)@bucket/x: found nothing.\"}\n");
    }

    private static String withoutTime(String lines) {
        return lines.replaceAll("\"time\":\"\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\",", "");
    }

    @Test
    void aBugIsOneLineOfJsonToo() {
        AisleRun run = runJob(
                context -> {
                    throw new IllegalStateException("broken");
                },
                "--set",
                "log.format=json");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .hasLineCount(1)
                .contains("\"message\":\"This is a bug in Aisle,")
                .contains("\"exception\":\"java.lang.IllegalStateException: broken\\n\\tat ");
    }

    @Test
    void givesJobsThePriceThatIsSet() {
        runJob(context -> assertThat(context.meter().pricePerHour()).isNaN());
        AisleRun run = runJob(
                context -> context.say("%s", context.meter().pricePerHour()), "--set", "metrics.price-per-hour=1.5");

        assertThat(run).isEqualTo(new AisleRun(0, "1.5\n", ""));
        assertThat(runJob(context -> {}, "--set", "metrics.price-per-hour=-1", "--set", "log.format=xml")
                        .err())
                .contains("  - metrics.price-per-hour: found -1.0, expected a number from 0")
                .contains("  - log.format: found xml, expected one of text, json\n");
    }

    @Test
    void aFullDiskIsNoBug() {
        assertThat(failing(new IOException("No space left on device")).exitCode())
                .isEqualTo(2);
    }

    @Test
    void oneIsABadCommandLine() {
        AisleRun run = AisleRun.of("prepare", "--inptu", "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("""
                Cannot read the command line of aisle prepare:
                  - Unknown option --inptu; did you mean --input?
                  - Unknown argument 'x'
                Try: aisle prepare --help
                """);
        assertThat(AisleRun.of("prepare", "--input", "x").err()).isEqualTo("""
                Cannot run aisle prepare: found no value for
                  - --output URI (directory to write; must not exist)
                Try: aisle prepare --help
                """);
        assertThat(AisleRun.of("doctor", "preprae", "--input", "x").err())
                .startsWith("Cannot run job doctor preprae: found no such job, expected one of doctor generate, ")
                .endsWith("; did you mean doctor prepare?\n");
        assertThat(AisleRun.of("preprae", "--input", "x"))
                .isEqualTo(new AisleRun(
                        1,
                        "",
                        "Cannot run job preprae: found no such job, expected one of generate, explore, prepare, pretrain, train, compare, quantize, evaluate,"
                                + " promote, rollback, classify, monitor, plan, doctor; did you mean prepare?\n"));
    }

    @Test
    void twoIsWhatTheUserCanMendHoweverDeepSparkWrappedIt() {
        UserException mendable = new UserException("Cannot read s3a://key:hunter2@bucket/x: found nothing.");

        assertThat(failing(mendable))
                .isEqualTo(new AisleRun(2, "", "Cannot read s3a://(hidden)@bucket/x: found nothing.\n"));
        assertThat(failing(new SparkException("Job aborted", new IllegalStateException("Task failed", mendable))))
                .isEqualTo(failing(mendable));
    }

    @Test
    void threeIsABugOfAnyKindWithItsStackTrace() {
        for (Throwable bug : List.of(
                new IllegalStateException("broken"),
                new SparkException("broken"),
                new IOException("broken"),
                new NoSuchMethodError("broken"))) {
            AisleRun run = failing(bug);

            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err())
                    .startsWith("This is a bug in Aisle, or something it did not foresee. Please report it with what"
                            + " follows.\n" + bug + "\n\tat ");
        }
    }

    @Test
    void fourIsRefused() {
        assertThat(failing(new RefusedException("Cannot publish run 7: found a newer one.")))
                .isEqualTo(new AisleRun(4, "", "Cannot publish run 7: found a newer one.\n"));
    }

    @Test
    void theProgramListsItsJobs() {
        AisleRun help = AisleRun.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(AisleRun.of()).isEqualTo(help);
        assertThat(AisleRun.of("help")).isEqualTo(help);
        assertThat(help.out()).startsWith("Usage: aisle <job> [options] [-- spark-submit options]\n");
        for (Command command : Main.COMMANDS) {
            if (command.name().startsWith("doctor ")) {
                continue;
            }
            assertThat(help.out().lines())
                    .anyMatch(line -> line.matches(" {2}" + command.name() + " +\\Q" + command.summary() + "\\E"));
        }
    }

    @Test
    void everyJobExplainsEveryOption() {
        for (Command command : Main.COMMANDS) {
            AisleRun help = AisleRun.of((command.name() + " --help").split(" ", -1));

            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).startsWith(command.summary() + "\nUsage: aisle " + command.name());
            // a long option has its text on the next line
            String text = help.out().replaceAll("\\s+", " ");
            for (CommandOption option : command.options()) {
                assertThat(text)
                        .contains(("--" + option.name() + " " + option.valueName() + " " + option.text()
                                        + (option.required() ? " (required)" : ""))
                                .replaceAll("\\s+", " "));
            }
            assertThat(help.out()).contains("--conf FILE", "--set KEY=VALUE", "--dry-run", "--help");
        }
    }

    @Test
    void aDryRunPrintsSettingsAndPlanWithoutSecretsAndDoesNothing() {
        Path output = folder.resolve("out");

        AisleRun run = AisleRun.of(
                "prepare", "--dry-run", "--input", "s3a://key:hunter2@bucket/products", "--output", output.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("input = \"s3a://(hidden)@bucket/products\"\n")
                .contains("prepare.fraction = 1\n")
                .contains("prepare.corrections = (none)\n")
                .contains("""

                        would read s3a://(hidden)@bucket/products and quarantine what cannot be used
                        would keep one row an id
                        would fold classes under 100 rows
                        would keep 1.0 of each class
                        would split into [0.8, 0.1, 0.1] and write %s
                        """.formatted(output))
                .doesNotContain("hunter2");
        assertThat(output).doesNotExist();
    }

    @Test
    void everyJobHasAPlan() {
        for (Command command : Main.COMMANDS) {
            List<String> arguments = new ArrayList<>(List.of((command.name() + " --dry-run").split(" ", -1)));
            command.options().stream()
                    .filter(CommandOption::required)
                    .forEach(option -> arguments.addAll(List.of(
                            "--" + option.name(),
                            option.valueName().equals("NUMBER") ? "1" : "some-" + option.name())));
            if (command.name().equals("promote") || command.name().equals("rollback")) {
                // one of two options, neither required by itself
                arguments.addAll(List.of("--models", "some-models"));
            }

            AisleRun run = AisleRun.of(arguments);

            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines().filter(line -> line.startsWith("would ")))
                    .isNotEmpty();
        }
    }

    @Test
    void reportsEveryProblemOfTheSettingsTogether() {
        AisleRun run = AisleRun.of(
                "prepare",
                "--input=x",
                "--output=y",
                "--fraction=0",
                "--split=0.8,0.1",
                "--min-class-size=many",
                "--columns=id=ID,cost=Cost",
                "--label=a,,b",
                "--format=excel",
                "--set",
                "prepare.sede=1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("Cannot use the settings: found 7 problems\n")
                .contains("  - unknown key prepare.sede; did you mean prepare.seed?\n")
                .contains("  - prepare.fraction: found 0, expected above 0, with at most 18 decimals\n")
                .contains(
                        "  - prepare.split: found [0.8, 0.1], expected three shares, none negative, that add up to 1\n")
                .contains("  - prepare.min-class-size: found \"many\", expected a whole number\n")
                .contains("  - catalog.columns: found cost, expected only id, title, brand, description, feature,"
                        + " updated_at, price\n")
                .contains("  - catalog.label: found an empty name, expected names of record fields\n")
                .contains(
                        "  - catalog.format: found excel, expected one of auto, amazon, bestbuy, jsonl, csv, parquet, corrections, prepared\n");
    }

    @Test
    void refusesAColumnWithoutAName() {
        assertThat(AisleRun.of("prepare", "--input=x", "--output=y", "--columns=id=ID,title=")
                        .err())
                .contains("  - catalog.columns: found an empty name, expected names of record fields\n");
    }

    @Test
    void refusesMoreLabelColumnsThanItCanCheckAndFormatsThatAreNoCatalog() {
        String levels = "l"
                + String.join(
                        ",l", IntStream.range(0, 64).mapToObj(Integer::toString).toList());

        assertThat(AisleRun.of("prepare", "--input=x", "--output=y", "--label", levels, "--format=prepared")
                        .err())
                .contains("  - catalog.label: found 64 levels, expected at most 56\n")
                .contains("  - catalog.format: found prepared, expected a raw catalog\n");
    }

    @Test
    void settingsMeanTheSameHoweverTheyAreGiven() throws IOException {
        Path overlay = Files.writeString(folder.resolve("prepare.conf"), """
                input = in
                output = out
                catalog { format = jsonl, columns { id = ID, title = Name }, label = [l1, l2] }
                prepare { fraction = 0.07, min-class-size = 5, split = [0.5, 0.25, 0.25], seed = 1, split-seed = 2 }
                """);

        AisleRun byFile = AisleRun.of("prepare", "--dry-run", "--conf", overlay.toString());
        AisleRun byOptions = AisleRun.of(
                "prepare",
                "--dry-run",
                "--input=in",
                "--output=out",
                "--format=jsonl",
                "--columns=id=ID,title=Name",
                "--label=l1,l2",
                "--fraction=0.07",
                "--min-class-size=5",
                "--split=0.5,0.25,0.25",
                "--seed=1",
                "--split-seed=2");
        List<String> assigned = new ArrayList<>(List.of("prepare", "--dry-run"));
        for (String assignment : List.of(
                "input=in",
                "output=out",
                "catalog.format=jsonl",
                "catalog.columns={id = ID, title = Name}",
                "catalog.label=[l1, l2]",
                "prepare.fraction=0.07",
                "prepare.min-class-size=5",
                "prepare.split=[0.5, 0.25, 0.25]",
                "prepare.seed=1",
                "prepare.split-seed=2")) {
            assigned.addAll(List.of("--set", assignment));
        }

        assertThat(byFile.exitCode()).as(byFile.err()).isZero();
        assertThat(plain(byOptions)).isEqualTo(plain(byFile));
        assertThat(plain(AisleRun.of(assigned))).isEqualTo(plain(byFile));
    }

    /** Settings and plan; a number is one whether it stands in quotes or not. */
    private static String plain(AisleRun run) {
        return run.out().replace("\"", "");
    }

    @Test
    void messagesDoNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(AisleRun.of("generate", "--dry-run", "--output=out", "--rows=1234567")
                            .out())
                    .contains("would write 1,234,567 synthetic records");
        } finally {
            Locale.setDefault(before);
        }
    }
}
