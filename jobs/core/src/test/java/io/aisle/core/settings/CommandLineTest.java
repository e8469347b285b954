package io.aisle.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    private static final List<CommandOption> OPTIONS = List.of(
            CommandOption.required("input", "URI", "input", "what to read"),
            CommandOption.optional("fraction", "SHARE", "prepare.fraction", "share of each class"),
            CommandOption.list("split", "A,B,C", "prepare.split", "shares"),
            CommandOption.map("columns", "FIELD=NAME,…", "catalog.columns", "names of the fields"),
            CommandOption.flag("promote", "evaluate.promote", "promotes"));

    @TempDir
    Path folder;

    private static Settings parse(String... arguments) {
        return CommandLine.parse("aisle prepare", OPTIONS, List.of(arguments)).settings();
    }

    @Test
    void laterLayerWins() throws IOException {
        Path overlay = folder.resolve("overlay.conf");
        Files.writeString(overlay, "prepare { fraction = 0.2, min-class-size = 3, seed = 5 }");

        Settings settings = parse(
                "--fraction",
                "0.4",
                "--set",
                "prepare.fraction=0.3",
                "--set",
                "prepare.seed=6",
                "--input",
                "x",
                "--conf",
                overlay.toString());

        assertThat(settings.text("prepare.fraction")).isEqualTo("0.4");
        assertThat(settings.text("prepare.seed")).isEqualTo("6");
        assertThat(settings.text("prepare.min-class-size")).isEqualTo("3");
        assertThat(settings.text("catalog.format")).as("reference.conf").isEqualTo("auto");
    }

    @Test
    void readsListsMapsAndExactDecimals() {
        Settings settings = parse(
                "--input", "x", "--split", "0.9, 0.1,0", "--columns", "id=ID,title=Product Name", "--fraction", "0.07");

        assertThat(settings.decimals("prepare.split"))
                .containsExactly(new BigDecimal("0.9"), new BigDecimal("0.1"), BigDecimal.ZERO);
        assertThat(settings.textMap("catalog.columns")).isEqualTo(Map.of("id", "ID", "title", "Product Name"));
        assertThat(settings.decimal("prepare.fraction", BigDecimal.ZERO, BigDecimal.ONE))
                .isEqualTo(new BigDecimal("0.07"));
    }

    @Test
    void flagIsTrueWhereItStands() {
        assertThat(parse("--input", "x", "--promote").flag("evaluate.promote")).isTrue();
        assertThat(parse("--promote", "--input", "x").text("input")).isEqualTo("x");
        assertThat(parse("--input", "x").flag("evaluate.promote")).isFalse();
    }

    @Test
    void reportsEveryUnreadableArgumentAtOnceWithSuggestions() {
        assertThatThrownBy(() -> parse("--fractoin", "0.1", "--input", "x", "stray"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Unknown option --fractoin; did you mean --fraction?")
                .hasMessageContaining("Unknown argument 'stray'")
                .hasMessageContaining("Try: aisle prepare --help");
    }

    @Test
    void refusesAnOptionThatIsGivenTwice() {
        assertThatThrownBy(() -> parse("--input", "x", "--fraction=0.1", "--input", "y"))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "Cannot read the command line of aisle prepare:\n  - Option --input is given more than once\n"
                                + "Try: aisle prepare --help");
    }

    @Test
    void namesTheRequiredOptionThatHasNoValue() {
        assertThatThrownBy(() -> parse("--fraction", "0.1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Cannot run aisle prepare: found no value for\n  - --input URI (what to read)\n"
                        + "Try: aisle prepare --help");
    }

    @Test
    void acceptsARequiredValueFromAnyLayer() {
        assertThat(parse("--set", "input=s3a://bucket/products").text("input")).isEqualTo("s3a://bucket/products");
    }

    @Test
    void reportsUnknownKeysAndBadValuesTogether() {
        Settings settings = parse("--input", "x", "--set", "prepare.fractoin=0.1", "--set", "prepare.seed=many");
        settings.wholeNumber("prepare.seed", 0, 10);
        settings.number("prepare.fraction", 2, 3);

        assertThatThrownBy(settings::check)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the settings: found 3 problems")
                .hasMessageContaining("unknown key prepare.fractoin; did you mean prepare.fraction?")
                .hasMessageContaining("prepare.seed: found \"many\", expected a whole number")
                .hasMessageContaining("prepare.fraction: found 1.0, expected a number from 2.0 to 3.0");
    }

    @Test
    void refusesAMissingOverlayAndAnAssignmentWithoutValue() {
        assertThatThrownBy(() -> parse("--input", "x", "--conf", "absent.conf"))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read settings from absent.conf: found no such file, expected a HOCON file.");
        assertThatThrownBy(() -> parse("--input", "x", "--set", "prepare.seed"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("found no '=', expected key=value");
        assertThatThrownBy(() -> parse("--input", "x", "--columns", "ID"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("found 'ID', expected name=value pairs");
    }

    @Test
    void hidesCredentialsInWhatItPrints() {
        assertThat(parse("--input", "s3a://AKIA123:hunter2@bucket/x").resolved())
                .contains("input = \"s3a://(hidden)@bucket/x\"")
                .contains("output = (none)")
                .noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void usageNamesEveryOption() {
        assertThat(CommandLine.usage("aisle prepare", "Prepares.", OPTIONS))
                .contains(
                        "Prepares.",
                        "--input URI",
                        "(required)",
                        "--split A,B,C",
                        "--conf FILE",
                        "--set KEY=VALUE",
                        "--dry-run");
    }
}
