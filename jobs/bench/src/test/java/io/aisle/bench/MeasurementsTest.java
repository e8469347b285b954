package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.bench.Measurements.Ratio;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    @TempDir
    private Path directory;

    @Test
    void writesMediansAndExtremesAndWhatWasMissed() throws IOException {
        write("now", 3, 1, 2);

        assertThat(Files.readString(directory.resolve("now/table.md")))
                .contains("| ours | rows/s | 2.00 | 1.00 – 3.00 |")
                .contains("| ours to theirs | 0.500 | 0.250 – 0.750 | 0.600 | **missed** |")
                .contains("| ours to theirs, at least a tenth | 0.500 | 0.250 – 0.750 | 0.100 | met |");
        assertThat(Files.readString(directory.resolve("now/table.json")))
                .contains("\"command\" : \"scripts/bench speed\"")
                .contains("\"median\" : 0.5");
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Rounds(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3.0);
    }

    @Test
    void saysWhichRatioIsWorseThanTheStoredOne() throws IOException {
        List<Ratio> stored = ratios("stored", 3, 1, 2);

        assertThat(Comparison.of(stored, ratios("same", 1.9, 1.9, 1.9)).worse()).isEmpty();
        assertThat(Comparison.of(stored, ratios("slower", 1.7, 1.7, 1.7)).worse())
                .containsExactly(
                        "ours to theirs: 0.500 stored, 0.425 now, WORSE",
                        "ours to theirs, at least a tenth: 0.500 stored, 0.425 now, WORSE",
                        "ours to theirs, for information: 0.500 stored, 0.425 now, WORSE");
    }

    @Test
    void refusesAFileThatAnotherProgramWrote() throws IOException {
        Path other = Files.writeString(directory.resolve("other.json"), "{\"machine\": \"of another maker\"}");

        assertThatThrownBy(() -> Measurements.ratios(other))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the ratios of " + other
                        + ": found none in it, expected a list. Remove it, and run its bench again.");
    }

    @Test
    void readsBackTheRatiosThatItWrote() throws IOException {
        assertThat(ratios("now", 3, 1, 2))
                .containsExactly(
                        new Ratio("ours to theirs", new Rounds(List.of(0.75, 0.25, 0.5)), 0.6),
                        new Ratio("ours to theirs, at least a tenth", new Rounds(List.of(0.75, 0.25, 0.5)), 0.1),
                        new Ratio("ours to theirs, for information", new Rounds(List.of(0.75, 0.25, 0.5)), null));
    }

    @Test
    void sumsUpWhatWasWantedOfAllBenches() throws IOException {
        assertThat(Summary.of(Map.of("speed", ratios("now", 4, 4, 4))))
                .contains("| speed | ours to theirs | 1.00 | 1.00 – 1.00 | 0.600 | met |")
                .doesNotContain("ours to theirs, for information");
    }

    private List<Ratio> ratios(String name, double... rates) throws IOException {
        return Measurements.ratios(write(name, rates));
    }

    private Path write(String name, double... rates) throws IOException {
        Measurements measurements = new Measurements();
        List<Double> rounds = Arrays.stream(rates).boxed().toList();
        Rounds ours = measurements.quantity("ours", "rows/s", rounds);
        Rounds theirs = measurements.quantity(
                "theirs", "rows/s", rounds.stream().map(round -> 4.0).toList());
        measurements.ratio("ours to theirs", ours.to(theirs), OptionalDouble.of(0.6));
        measurements.ratio("ours to theirs, at least a tenth", ours.to(theirs), OptionalDouble.of(0.1));
        measurements.ratio("ours to theirs, for information", ours.to(theirs), OptionalDouble.empty());
        measurements.write(directory.resolve(name), "speed", "scripts/bench speed", "a machine");
        return directory.resolve(name).resolve(Measurements.JSON_FILE);
    }
}
