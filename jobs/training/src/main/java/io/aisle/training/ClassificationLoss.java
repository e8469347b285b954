package io.aisle.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a classifier is told of each row: its label by cross-entropy, and, where there is a teacher, what that one says of all classes.
 *
 * @param labelSmoothing share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7), under 1
 * @param teacherTemperature by which the teacher's and the network's logits are divided (Hinton et al. 2015, section 2), above 0
 * @param teacherShare of the teacher in the loss; the label has the rest. A row without a label has the teacher's alone
 */
public record ClassificationLoss(
        double labelSmoothing, ClassWeights classWeights, double teacherTemperature, double teacherShare)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public ClassificationLoss {
        List<String> problems = new ArrayList<>();
        TrainingPlan.require(
                problems,
                TrainingPlan.isShare(labelSmoothing),
                "label smoothing",
                labelSmoothing,
                "at least 0 and under 1");
        TrainingPlan.require(
                problems,
                TrainingPlan.isPositive(teacherTemperature),
                "teacher temperature",
                teacherTemperature,
                "a number above 0");
        TrainingPlan.require(problems, teacherShare >= 0 && teacherShare <= 1, "teacher share", teacherShare, "0 to 1");
        TrainingPlan.refuse(problems);
    }
}
