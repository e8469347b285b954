package io.aisle.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which word pieces of a text a network has to guess.
 *
 * @param share of the pieces of each row that are chosen, above 0 and under 1
 * @param maskId the id of [MASK]
 * @param specialIds the ids of pieces that are neither chosen nor put in another's place: [CLS], [SEP], [PAD], [UNK] and [MASK]
 */
public record Masking(double share, int maskId, List<Integer> specialIds) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Masking {
        List<String> problems = new ArrayList<>();
        TrainingPlan.require(problems, share > 0 && share < 1, "mask share", share, "above 0 and under 1");
        TrainingPlan.refuse(problems);
        specialIds = List.copyOf(specialIds);
    }
}
