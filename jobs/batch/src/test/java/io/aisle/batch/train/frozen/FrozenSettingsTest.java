package io.aisle.batch.train.frozen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.settings.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FrozenSettingsTest {
    @Test
    void defaultsKeepFeaturesBesideTheData() {
        FrozenSettings read = read("train.data=s3a://bucket/prepared/");

        assertThat(read)
                .isEqualTo(new FrozenSettings(
                        "s3a://bucket/prepared-features", List.of(0.01, 0.001, 0.0001), List.of(0.0), 100));
    }

    @Test
    void readsGridStrongestFirstAndEachOnce() {
        FrozenSettings read = read(
                "train.data=prepared",
                "train.frozen.features=/cache",
                "train.frozen.reg=[0.1, 2, 0.1]",
                "train.frozen.elastic-net=[0, 0.5, 1]",
                "train.frozen.max-iterations=7");

        assertThat(read).isEqualTo(new FrozenSettings("/cache", List.of(2.0, 0.1), List.of(1.0, 0.5, 0.0), 7));
        assertThat(read.asText())
                .containsEntry("frozen_reg", "[2.0, 0.1]")
                .containsEntry("frozen_elastic_net", "[1.0, 0.5, 0.0]")
                .containsEntry("frozen_max_iterations", "7");
    }

    @Test
    void refusesPenaltyOfNothingAndSharesAboveOne() {
        assertThatThrownBy(() -> read("train.data=prepared", "train.frozen.reg=[0]", "train.frozen.elastic-net=[1.5]"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("train.frozen.reg: found [0.0], expected one or more numbers above 0")
                .hasMessageContaining(
                        "train.frozen.elastic-net: found [1.5], expected one or more numbers from 0 to 1");
        assertThatThrownBy(() -> read("train.data=prepared", "train.frozen.reg=[]"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("train.frozen.reg: found [], expected one or more numbers above 0");
    }

    private static FrozenSettings read(String... assignments) {
        Settings settings = Settings.overlaid(
                Stream.of(assignments).map(Settings::assignment).toList());
        FrozenSettings read = FrozenSettings.read(settings);
        settings.check();
        return read;
    }
}
