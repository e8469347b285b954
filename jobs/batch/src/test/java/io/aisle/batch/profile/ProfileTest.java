package io.aisle.batch.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileTest {
    private static final List<String> TEA = List.of("Grocery", "Tea");
    private static final List<String> LAMPS = List.of("Home", "Lamps");

    @Test
    void countsWhatIsThere() {
        ProfileBuilder builder = new ProfileBuilder();
        builder.addPrediction(TEA, 0.96f, false);
        builder.addText(TEA, new ProductMeasures(List.of("title", "brand"), 15, 4, OptionalInt.of(1)));
        builder.addPrediction(TEA, 1f, false);
        builder.addText(TEA, new ProductMeasures(List.of("title"), 16, 2, OptionalInt.of(2)));
        builder.addPrediction(LAMPS, 0.32f, true);

        Profile profile = builder.build();

        assertThat(profile.rows()).isEqualTo(3);
        assertThat(profile.measured()).isEqualTo(2);
        assertThat(profile.fillRate("brand")).isEqualTo(0.5);
        assertThat(profile.fillRate("feature")).isZero();
        assertThat(profile.reviewShare()).isEqualTo(1 / 3.0);
        assertThat(profile.meanConfidence()).isEqualTo(0.76, within(1e-6));
        assertThat(profile.characters()).startsWith(0L, 1L, 1L, 0L);
        assertThat(profile.confidence()).endsWith(0L, 2L);
        assertThat(profile.confidence().get(6)).isEqualTo(1);
        assertThat(profile.words()).isEqualTo(new UnknownWords(2, 6, 3, 20, 5, 8));
        assertThat(profile.words().share()).isEqualTo(0.5);
        // rows of 1 - 0.5 * 4 = -1 and 2 - 0.5 * 2 = 1: 2 / 6² * 2 / 1
        assertThat(profile.words().variance()).isEqualTo(2 / 36.0 * 2, within(1e-12));
        assertThat(profile.classes()).extracting(ClassProfile::path).containsExactly(TEA, LAMPS);
        assertThat(profile.classes().get(1).words()).isEqualTo(UnknownWords.NONE);
    }

    @Test
    void isTheSameWhateverTheOrderAndTheParts() {
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(i);
        }
        Profile whole = counted(rows).build();
        Collections.shuffle(rows, new Random(1));
        Profile parts = counted(rows.subList(0, 123))
                .merge(counted(rows.subList(123, 500)))
                .build();

        assertThat(parts).isEqualTo(whole);
        assertThat(parts.json()).isEqualTo(whole.json());
        assertThat(Profile.parse(whole.json(), "there")).isEqualTo(whole);
    }

    @Test
    void refusesWhatIsNoProfile() {
        String json = counted(List.of(1)).build().json();

        assertThatThrownBy(() -> Profile.parse(json.replace("\"version\":1", "\"version\":2"), "there"))
                .hasMessageStartingWith(
                        "Cannot read there: found a profile of format version 2, expected a profile of format version 1.");
        for (String broken : List.of("", "null", "[]", "{}", json.replace("\"rows\":1", "\"rows\":[]"))) {
            assertThatThrownBy(() -> Profile.parse(broken, "there"))
                    .as(broken)
                    .hasMessageStartingWith("Cannot read there: found ");
        }
    }

    @Test
    void measuresProductWithoutKnowingWhatWasSeen() {
        ProductMeasures measures =
                ProductMeasures.of(new Product("1", "Green tea, 20 bags", "", "So good!", ""), Optional.empty());

        assertThat(measures)
                .isEqualTo(new ProductMeasures(List.of("title", "description"), 26, 6, OptionalInt.empty()));
    }

    private static ProfileBuilder counted(List<Integer> rows) {
        ProfileBuilder builder = new ProfileBuilder();
        for (int row : rows) {
            List<String> path = row % 3 == 0 ? TEA : LAMPS;
            builder.addPrediction(path, 1f / (1 + row), row % 7 == 0);
            builder.addText(
                    path, new ProductMeasures(List.of("title"), row * 11, row % 13, OptionalInt.of(row % 13 / 2)));
        }
        return builder;
    }
}
