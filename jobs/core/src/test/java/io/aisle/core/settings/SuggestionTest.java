package io.aisle.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    @Test
    void suggestsTheNearestWithinAThirdOfItsLength() {
        List<String> jobs = List.of("generate", "prepare", "train", "evaluate", "classify");

        assertThat(Suggestion.of("preprae", jobs)).isEqualTo("; did you mean prepare?");
        assertThat(Suggestion.of("trian", jobs)).isEqualTo("; did you mean train?");
        assertThat(Suggestion.of("eval", jobs)).isEmpty();
        assertThat(Suggestion.of("x", List.of())).isEmpty();
    }

    @Test
    void takesTheFirstByNameOfTwoThatAreAsNear() {
        assertThat(Suggestion.of("bat", List.of("cat", "bar", "bag"))).isEqualTo("; did you mean bag?");
    }
}
