package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.Split;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Prediction;
import io.aisle.core.model.Softmax;
import io.aisle.core.settings.Settings;
import java.util.List;

/**
 * Trains a cascade: linear and a network on the train rows, then chooses by the validation rows how sure linear has to be. Linear is chosen
 * by what it is without these rows, and goes on with them afterwards where it is set so.
 */
record CascadeTraining(TrainSettings settings, Members members) {

    /**
     * Trains.
     *
     * @param labels each has a train row
     */
    TrainedCascade train(PreparedData data, List<String> labels) {
        JobContext context = members.context();
        TrainSettings linear = settings.members().get(0);
        ModelBundle first = members.ofAll("validated", linear.withoutRefit(), data, labels);
        ModelBundle second = members.ofAll("validated", settings.members().get(1), data, labels);

        context.step("train: choose the threshold of the cascade");
        MemberAnswers answers = MemberAnswers.of(
                List.of(first, second),
                data.rows(Split.VALIDATION),
                data.manifest().rows().get(Split.VALIDATION.key()),
                labels);
        CascadeCurve curve = curve(answers);
        CascadeCurve.Point chosen = curve.choose(settings.cascadeTarget());
        report(context, curve, chosen);
        float[][] logits = routed(answers, chosen.threshold());

        ModelBundle refitted =
                linear.equals(linear.withoutRefit()) ? first : members.ofAll("refitted", linear, data, labels);
        return new TrainedCascade(refitted, second, chosen, curve, logits, answers.labels());
    }

    private static CascadeCurve curve(MemberAnswers answers) {
        CascadeCurve curve = new CascadeCurve();
        for (int row = 0; row < answers.labels().length; row++) {
            float[] first = answers.logits()[0][row];
            int label = answers.labels()[row];
            curve.add(
                    CascadeCurve.step(Softmax.greatest(first)),
                    1,
                    isRight(first, label) ? 1 : 0,
                    isRight(answers.logits()[1][row], label) ? 1 : 0);
        }
        return curve;
    }

    private static float[][] routed(MemberAnswers answers, double threshold) {
        float[][] logits = new float[answers.labels().length][];
        for (int row = 0; row < logits.length; row++) {
            float[] first = answers.logits()[0][row];
            logits[row] = Softmax.greatest(first) < threshold ? answers.logits()[1][row] : first;
        }
        return logits;
    }

    private static boolean isRight(float[] logits, int label) {
        return Prediction.mostProbable(logits, 1)[0] == label;
    }

    private void report(JobContext context, CascadeCurve curve, CascadeCurve.Point chosen) {
        context.say(
                "validation accuracy: linear %.4f, %s %.4f, cascade %.4f",
                curve.firstAccuracy(),
                Settings.choiceName(settings.members().get(1).kind()),
                curve.secondAccuracy(),
                chosen.accuracy());
        if (chosen.threshold() == 0) {
            context.say("linear alone is not worse: no row goes to the network");
        } else {
            context.say(
                    "threshold %.4f: %.1f%% of the validation rows go to the network",
                    chosen.threshold(), 100 * chosen.sentShare());
        }
    }
}
