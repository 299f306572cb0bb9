#!/bin/sh
# 社区治理通: a street light is reported, repaired and rated. Needs curl and sed. Run it while the demo serves.

URL={URL}/graphql
DATA={DATA}
post() { curl -sS "$URL" -H 'Content-Type: application/json' ${2:+-H "Authorization: Bearer $2"} -d "{\"query\":\"$1\"}"; }
pick() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
staff() { post "mutation { signInWithPassword(input: { username: \\\"$1\\\", password: \\\"{PASSWORD}\\\", device: { kind: CONSOLE, id: \\\"try-it-$1\\\" } }) { tokens { accessToken } userErrors { code } } }" | pick accessToken; }
# step NAME TOKEN [INPUT]: moves the case on and shows where it stands
step() { A=$(post "mutation { $1(input: { id: \\\"$ID\\\", expectedVersion: $V, idempotencyKey: \\\"$1-$RUN\\\" $3 }) { serviceRequest { state version } userErrors { code message field } } }" "$2"); echo "$1  $A"; V=$(echo "$A" | pick version); }
RUN=$$-$(date +%s)

# 1. The resident signs in with the code that the demo printed, and reports a broken street light.
: > "$DATA/one-time-codes.txt"
post "mutation { sendVerificationCode(input: { phone: \\\"{PHONE}\\\" }) { expiresInSeconds userErrors { code } } }"; echo
for _ in 1 2 3 4 5; do [ -s "$DATA/one-time-codes.txt" ] || sleep 1; done # it is sent beside the request
CODE=$(tail -n 1 "$DATA/one-time-codes.txt" | cut -d' ' -f2)
RESIDENT=$(post "mutation { signInWithCode(input: { phone: \\\"{PHONE}\\\", code: \\\"$CODE\\\", device: { kind: IOS, id: \\\"try-it-resident\\\" } }) { tokens { accessToken } userErrors { code } } }" | pick accessToken)
A=$(post "mutation { submitServiceRequest(input: { kind: COMPLAINT, categoryCode: \\\"FACILITY.STREET_LIGHT\\\", description: \\\"申长路的路灯坏了三天，晚上很黑\\\", place: { longitude: 121.324522, latitude: 31.193040, datum: GCJ02 }, visibility: PUBLIC, idempotencyKey: \\\"submit-$RUN\\\" }) { serviceRequest { id caseNo state version } userErrors { code message field } } }" "$RESIDENT"); echo "submit  $A"
ID=$(echo "$A" | pick id); V=$(echo "$A" | pick version); CASE=$(echo "$A" | pick caseNo)

# 2. The dispatcher accepts it, puts it on file, asks who should have it, and dispatches it.
DISPATCHER=$(staff dispatcher)
step acceptServiceRequest "$DISPATCHER"
step fileServiceRequest "$DISPATCHER"
UNIT=$(post "{ dispatchSuggestions(serviceRequestId: \\\"$ID\\\") { unit { name id } } }" "$DISPATCHER" | sed 's/"id":"\(unit_[0-9a-f]*\)".*/\n\1/' | sed -n 2p)
step dispatchServiceRequest "$DISPATCHER" "leadUnitId: \\\"$UNIT\\\""

# 3. The handler signs for it, calls the resident, uploads a photo and submits the handling.
HANDLER=$(staff lights.handler)
step signServiceRequest "$HANDLER"
step recordContact "$HANDLER" "method: PHONE, outcome: REACHED"
PHOTO=$(curl -sS "$URL" -H "Authorization: Bearer $HANDLER" -F operations='{"query":"mutation($file: Upload!) { uploadAttachment(input: { file: $file }) { attachment { id } userErrors { code } } }","variables":{"file":null}}' -F map='{"0":["variables.file"]}' -F "0=@$DATA/street-light.jpg" | pick id)
step submitHandling "$HANDLER" "result: SOLVED, reply: \\\"已更换灯头，当晚恢复照明。\\\", attachmentIds: [\\\"$PHOTO\\\"]"

# 4. The inspector verifies it, and the resident answers: solved, five of five.
step verifyServiceRequest "$(staff inspector)" "isPassed: true"
step surveyServiceRequest "$RESIDENT" "solved: YES, satisfaction: 5"
post "{ serviceRequest(caseNo: \\\"$CASE\\\") { caseNo state publicStatus reply timeline { at kind state } } }" "$RESIDENT"; echo
