package io.aisle.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.aisle.core.UserException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private enum Colour {
        DARK_RED,
        BLUE
    }

    @TempDir
    Path folder;

    private static Settings assigned(String... assignments) {
        return Settings.overlaid(
                Stream.of(assignments).map(Settings::assignment).toList());
    }

    private Config overlay(String hocon) throws IOException {
        return Settings.file(Files.writeString(folder.resolve("overlay.conf"), hocon));
    }

    @Test
    void everyDefaultIsReadable() {
        Settings settings = Settings.overlaid(List.of());

        settings.check();
        assertThat(settings.has("input")).isFalse();
        assertThat(settings.optionalText("prepare.corrections")).isEmpty();
        assertThat(settings.text("catalog.format")).isEqualTo("auto");
        assertThat(settings.flag("recipe.keep-empty-fields")).isFalse();
        assertThat(settings.textMap("catalog.columns")).isEmpty();
        assertThat(settings.texts("catalog.label")).isEmpty();
        assertThat(settings.decimals("prepare.split"))
                .containsExactly(new BigDecimal("0.8"), new BigDecimal("0.1"), new BigDecimal("0.1"));
    }

    @Test
    void takesAPathAsItIsTyped() {
        assertThat(assigned("input=s3a://bucket//a#b, c").text("input")).isEqualTo("s3a://bucket//a#b, c");
        assertThat(assigned("input = /data/{a,b}/*.gz").text("input")).isEqualTo("/data/{a,b}/*.gz");
    }

    @Test
    void readsListsObjectsQuotedTextsAndNullsOfAssignmentsAsHocon() {
        assertThat(assigned("catalog.label=[a, \"b c\"]").texts("catalog.label"))
                .containsExactly("a", "b c");
        assertThat(assigned("catalog.columns={id = ID}").textMap("catalog.columns"))
                .isEqualTo(Map.of("id", "ID"));
        assertThat(assigned("catalog.columns.id=ID").textMap("catalog.columns")).isEqualTo(Map.of("id", "ID"));
        assertThat(assigned("input=\" x \"").text("input")).isEqualTo(" x ");
        assertThat(assigned("input=x", "input=null").has("input")).isFalse();
        assertThatThrownBy(() -> assigned("catalog.label=[a"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Cannot read --set catalog.label=[a: ");
        assertThatThrownBy(() -> assigned("prepare..seed=1"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Cannot set prepare..seed: ");
    }

    @Test
    void nullTakesAColumnBack() {
        assertThat(assigned("catalog.columns={id = ID, title = Name}", "catalog.columns.id=null")
                        .textMap("catalog.columns"))
                .isEqualTo(Map.of("title", "Name"));
    }

    @Test
    void overlayMayNameItsOwnKeysAndTheEnvironment() throws IOException {
        Config overlay = overlay("input = /data, output = ${input}/out, train.data = ${?NO_SUCH_VARIABLE_HERE}");

        assertThat(Settings.overlaid(List.of(overlay)).text("output")).isEqualTo("/data/out");
        assertThatThrownBy(() -> overlay("output = ${no_such_key}"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read settings from " + folder.resolve("overlay.conf") + ": ")
                .hasMessageContaining("${no_such_key}");
        assertThatThrownBy(() -> overlay("output = [1"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read settings from ");
        assertThatThrownBy(() -> Settings.file(folder))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read settings from " + folder + ": found no such file, expected a HOCON file.");
    }

    @Test
    void refusesAWholeNumberThatIsNone() {
        Settings settings = assigned(
                "prepare.seed=2.5",
                "prepare.split-seed=99999999999999999999",
                "generate.rows=-1",
                "generate.classes=true",
                "generate.seed=1e3");

        settings.wholeNumber("prepare.seed", 0, 10);
        settings.wholeNumber("prepare.split-seed", Long.MIN_VALUE, Long.MAX_VALUE);
        settings.wholeNumber("generate.rows", 1, 10);
        settings.integer("generate.classes", 1, 10);

        assertThat(settings.wholeNumber("generate.seed", 0, 1000)).isEqualTo(1000);
        assertThatThrownBy(settings::check)
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the settings: found 4 problems"
                        + "\n  - prepare.seed: found \"2.5\", expected a whole number"
                        + "\n  - prepare.split-seed: found \"99999999999999999999\", expected a whole number"
                        + "\n  - generate.rows: found -1, expected a whole number from 1 to 10"
                        + "\n  - generate.classes: found \"true\", expected a whole number"
                        + "\nEvery key, its meaning and its default stand in reference.conf;"
                        + " --dry-run prints what a run would use.");
    }

    @Test
    void saysOfEveryTypeWhatItExpects() {
        Settings settings = assigned(
                "prepare.fraction=half",
                "train.dropout=NaN",
                "prepare.split=[1, x]",
                "catalog.label=category",
                "catalog.columns=id",
                "recipe.keep-empty-fields=maybe",
                "catalog.format=dark-blue",
                "input={a = 1}");

        settings.decimal("prepare.fraction", BigDecimal.ZERO, BigDecimal.ONE);
        settings.number("train.dropout", 0, 1);
        settings.decimals("prepare.split");
        settings.texts("catalog.label");
        settings.textMap("catalog.columns");
        settings.flag("recipe.keep-empty-fields");
        settings.choice("catalog.format", Colour.class);
        settings.text("input");
        settings.text("output");

        assertThatThrownBy(settings::check)
                .hasMessageContaining("prepare.fraction: found \"half\", expected a number\n")
                .hasMessageContaining("train.dropout: found NaN, expected a number from 0.0 to 1.0")
                .hasMessageContaining("prepare.split: found [1,\"x\"], expected a list of numbers")
                .hasMessageContaining("catalog.label: found \"category\", expected a list")
                .hasMessageContaining("catalog.columns: found \"id\", expected names with values")
                .hasMessageContaining("recipe.keep-empty-fields: found \"maybe\", expected true or false")
                .hasMessageContaining("catalog.format: found dark-blue, expected one of dark-red, blue")
                .hasMessageContaining("input.a")
                .hasMessageContaining("output: found nothing, expected a text");
        assertThat(assigned("catalog.format=dark-red").choice("catalog.format", Colour.class))
                .isEqualTo(Colour.DARK_RED);
    }

    @Test
    void refusesAValueWhereKeysBelong() throws IOException {
        assertThatThrownBy(() -> assigned("catalog=5").check())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the settings: found 1 problem\n")
                .hasMessageContaining("catalog: found a value, expected keys below it");
        Settings empty = Settings.overlaid(List.of(overlay("catalog {}, prepare {}")));
        empty.check();
        assertThat(empty.text("catalog.format")).isEqualTo("auto");
    }

    @Test
    void reportsAKeyOnce() {
        Settings settings = assigned("prepare.fraction=7");
        settings.decimal("prepare.fraction", BigDecimal.ZERO, BigDecimal.ONE);
        settings.problem("prepare.fraction", "0", "more than 0");

        assertThatThrownBy(settings::check)
                .hasMessageContaining(
                        "found 1 problem\n  - prepare.fraction: found 7, expected a number from 0 to 1\n");
    }

    @Test
    void hidesUserAndPasswordOfEveryUri() {
        assertThat(Settings.withoutCredentials("read s3a://key:hunter2@bucket/a and s3a://u@b/c, write /a//b@c"))
                .isEqualTo("read s3a://(hidden)@bucket/a and s3a://(hidden)@b/c, write /a//(hidden)@c");
    }
}
